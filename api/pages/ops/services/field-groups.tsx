import type { FC } from 'hono/jsx';
import { Choice, Field, inputOf } from '../../view/parts.tsx';
import { type FieldErrors, type FieldGroup, type FieldTexts, GROUPS, type ServiceField } from './service-fields.ts';

interface Filled {
  readonly texts: FieldTexts;
  readonly errors: FieldErrors;
}

const Check: FC<{ field: ServiceField } & Filled> = ({ field: { name, label, hint }, texts }) => (
  <label class="check">
    <input type="checkbox" name={name} value="yes" checked={texts.get(name) === 'yes'} /> {label}
    {hint === undefined ? '' : <span class="hint"> {hint}</span>}
  </label>
);

const Input: FC<{ field: ServiceField } & Filled> = ({ field, texts, errors }) => {
  const { name, shape, isRequired = false } = field;
  const shown = { ...field, error: errors[name] };
  const value = texts.get(name) ?? '';
  if (typeof shape === 'object') {
    return <Choice {...shown} value={value} options={shape.map((one) => [one, one] as const)} />;
  }
  const mode = shape === 'number' ? 'numeric' : shape === 'decimal' ? 'decimal' : 'text';
  return (
    <Field {...shown}>
      <input
        {...inputOf(shown)}
        value={value}
        inputmode={mode}
        autocomplete="off"
        {...(isRequired ? { required: true } : {})}
      />
    </Field>
  );
};

/** A field of the form with its label. */
export const ServiceInput: FC<{ field: ServiceField } & Filled> = (props) =>
  props.field.shape === 'yes' ? <Check {...props} /> : <Input {...props} />;

/** The fields side by side, and the boxes below them. */
const Group: FC<{ group: FieldGroup } & Filled> = ({ group: { fields }, texts, errors }) => {
  const boxes = fields.filter(({ shape }) => shape === 'yes');
  return (
    <>
      <div class="columns">
        {fields
          .filter((field) => !boxes.includes(field))
          .map((field) => (
            <ServiceInput field={field} texts={texts} errors={errors} />
          ))}
      </div>
      {boxes.map((field) => (
        <ServiceInput field={field} texts={texts} errors={errors} />
      ))}
    </>
  );
};

/** All fields: the first group is open, the others are folded until a fault is in one. */
export const FieldGroups: FC<Filled> = (filled) => {
  const [first, ...others] = GROUPS;
  return (
    <>
      <fieldset>
        <legend class="unseen">{first.title}</legend>
        <Group group={first} {...filled} />
      </fieldset>
      {others.map((group) => (
        <details class="act" open={group.fields.some(({ name }) => filled.errors[name] !== undefined)}>
          <summary>{group.title}</summary>
          <fieldset>
            <legend class="unseen">{group.title}</legend>
            <Group group={group} {...filled} />
          </fieldset>
        </details>
      ))}
    </>
  );
};
