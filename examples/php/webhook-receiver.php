<?php
/**
 * Receives webhooks: accepts only signed requests, and handles each event once. The tests do not run this file.
 * Takes WEBHOOK_SECRET (whsec_...) from the environment; `events` is a table with a unique index on `id`.
 */

declare(strict_types=1);

$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
// The bytes as they arrived, which the signature covers.
$body = file_get_contents('php://input');

$secret = base64_decode(substr((string) getenv('WEBHOOK_SECRET'), strlen('whsec_')));
$expected = 'v1,' . base64_encode(hash_hmac('sha256', "{$id}.{$timestamp}.{$body}", $secret, true));
$genuine = false;
foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $signature) {
    $genuine = hash_equals($expected, $signature) || $genuine;
}
if (!$genuine || $id === '' || !ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
    http_response_code(401);
    exit;
}

// Stores the event first. Another process handles it, so that the answer does not wait.
$database = new PDO((string) getenv('DATABASE_DSN'));
$database->prepare('insert into events (id, body) values (?, ?) on conflict do nothing')->execute([$id, $body]);
http_response_code(204);
