/**
 * Link parameters that say where a visitor came from or how the page is shown, and never which target it is. Names are in lower
 * case. A name that is safe to ignore on one site only is listed with the site: `t` is a share token at x.com, but a topic in a
 * forum.
 */
const PREFIXES: readonly string[] = ['utm_', 'mtm_', 'matomo_', 'piwik_', 'pk_', 'hsa_', 'fb_action_', 'at_custom'];

const ANYWHERE = new Set([
  // Advertising clicks.
  ...[
    'gclid',
    'gclsrc',
    'dclid',
    'gbraid',
    'wbraid',
    'gad_source',
    'gad_campaignid',
    'srsltid',
    'fbclid',
    'msclkid',
    'twclid',
  ],
  ...[
    'ttclid',
    'yclid',
    'ymclid',
    'ysclid',
    'li_fat_id',
    'epik',
    'irclickid',
    'irgwc',
    'sccid',
    'rdt_cid',
    'wickedid',
    'rb_clickid',
  ],
  // Shares from apps.
  ...[
    'igsh',
    'igshid',
    'ig_rid',
    'ig_mid',
    'si',
    'feature',
    'mibextid',
    'share_id',
    'share_token',
    'sharer_id',
    'xmt',
    'slof',
  ],
  // Referrals and statistics.
  ...[
    'ref_src',
    'ref_url',
    'fb_source',
    'fb_ref',
    '_ga',
    '_gl',
    '_openstat',
    'mc_cid',
    'mc_eid',
    'mkt_tok',
    '_hsenc',
    '_hsmi',
  ],
  ...[
    '__hssc',
    '__hstc',
    '__hsfp',
    'hsctatracking',
    'vero_id',
    'vero_conv',
    'oly_anon_id',
    'oly_enc_id',
    'ml_subscriber',
  ],
  ...['ml_subscriber_hash', 's_cid', '_branch_match_id', '_branch_referrer', 'spm', 'trk_contact', 'trk_msg'],
]);

const FACEBOOK = [
  ...[
    '__cft__',
    '__tn__',
    '__xts__',
    '__eep__',
    '__so__',
    '__rv__',
    '_rdc',
    '_rdr',
    'acontext',
    'eav',
    'extid',
    'fref',
    'hc_ref',
  ],
  ...[
    'hc_location',
    'idorvanity',
    'locale',
    'notif_id',
    'notif_t',
    'paipv',
    'rdid',
    'ref',
    'refid',
    'refsrc',
    'sfnsn',
    'share_url',
    's',
  ],
  ...['app', 'wtsid', 'tracking', 'vh', 'entry_point', 'hoisted_section_header_type', 'mds'],
];
const X = ['s', 't', 'lang', 'cn', 'cxt', 'refsrc', 'ref'];
const YOUTUBE = [
  ...[
    'ab_channel',
    'app',
    'attr_tag',
    'cbrd',
    'embeds_referring_euri',
    'embeds_referring_origin',
    'gl',
    'hl',
    'index',
    'kw',
    'lc_src',
  ],
  ...[
    'ucbcb',
    'persist_app',
    'persist_hl',
    'persist_gl',
    'pp',
    'source_ve_path',
    'start',
    'start_radio',
    't',
    'time_continue',
    'themerefresh',
  ],
];
const TIKTOK = [
  ...[
    '_d',
    '_r',
    '_svg',
    '_t',
    'checksum',
    'enter_from',
    'enter_method',
    'is_copy_url',
    'is_from_webapp',
    'lang',
    'language',
    'preview_pb',
  ],
  ...[
    'referer_url',
    'referer_video_id',
    'refer',
    'region',
    'sec_uid',
    'sec_user_id',
    'sender_device',
    'sender_web_id',
    'share_app_id',
  ],
  ...[
    'share_author_id',
    'share_iid',
    'share_item_id',
    'share_link_id',
    'sharer_language',
    'social_share_type',
    'social_sharing',
    'source',
  ],
  ...[
    'source_h5',
    'timestamp',
    'tt_from',
    'u_code',
    'ug_btm',
    'ugbiz_name',
    'user_id',
    'video_id_src',
    'web_id',
    'link_reflow_popup_iteration_sharer',
  ],
];

/** Ignored parameters by site: the host without `www.` and other mirror prefixes. */
const BY_SITE: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    'facebook.com': FACEBOOK,
    'fb.com': FACEBOOK,
    'fb.watch': FACEBOOK,
    'instagram.com': ['hl', 'img_index', 'taken-by', 'tagged', 'r', 'ref', '__a', '__d'],
    'threads.com': ['hl'],
    'threads.net': ['hl'],
    'twitter.com': X,
    'x.com': X,
    'youtube.com': YOUTUBE,
    'youtu.be': YOUTUBE,
    'music.youtube.com': YOUTUBE,
    'tiktok.com': TIKTOK,
    'vm.tiktok.com': TIKTOK,
    'vt.tiktok.com': TIKTOK,
    'open.spotify.com': ['context', 'dl_branch', 'dlsi', 'go', 'nd', 'pi', 'pt', 'sp_cid', 'nd_source', 'autoplay'],
    'soundcloud.com': ['in', 'ref'],
    'reddit.com': [
      'context',
      'rdt',
      'ref',
      'ref_campaign',
      'ref_source',
      'correlation_id',
      'post_fullname',
      'post_index',
      'sort',
    ],
    'linkedin.com': [
      'lici',
      'lipi',
      'midtoken',
      'originalsubdomain',
      'rcm',
      'refid',
      'trackingid',
      'trk',
      'trkemail',
      'lang',
      'locale',
    ],
    'pinterest.com': ['invite_code', 'mt', 'nic', 'nic_v3', 'rs', 'sender', 'sfo', 'source_app'],
    'snapchat.com': ['share_id', 'locale', 'sid'],
    't.me': ['embed', 'single'],
    'twitch.tv': ['sr', 'tt_content', 'tt_email_id', 'tt_medium', 'filter', 'sort'],
    'vk.com': ['from', 'ref', 'trackcode'],
    'threads.me': ['hl'],
    'discord.com': ['ref'],
    'kick.com': ['ref'],
  }).map(([site, names]) => [site, new Set(names)]),
);

/** Whether a link's parameter can be ignored on this site. `more`: further names that the service ignores, in lower case. */
export function isIgnored(site: string, parameter: string, more: ReadonlySet<string>): boolean {
  // A list entry such as `name[0]` counts as `name`.
  const [name = ''] = parameter.toLowerCase().split(/\[|%5b/, 1);
  return (
    ANYWHERE.has(name) ||
    PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    more.has(name) ||
    (BY_SITE.get(site)?.has(name) ?? false)
  );
}
