/** The parts of the OpenAPI document that the page shows. */
export interface ApiDocument {
  readonly info: { readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly parameters: Readonly<Record<string, Parameter>> };
}

export interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary: string;
  readonly 'x-summary-ko'?: string;
  readonly description?: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema | Reference }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema | Reference }>> }>>;
}

export interface Reference {
  readonly $ref: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema | Reference;
}

export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema | Reference>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema | Reference;
  readonly examples?: readonly unknown[];
  readonly example?: unknown;
  readonly default?: unknown;
}

/** One call of the API. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  /** Name of the schema of the body; undefined without a body. */
  readonly body: string | undefined;
  readonly answer: string | undefined;
}

const METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'delete']);
const OPERATOR_TOKEN = 'X-Operator-Token';

const isReference = (value: object): value is Reference => '$ref' in value;
const lastOf = (reference: string) => reference.slice(reference.lastIndexOf('/') + 1);

/** The name of the schema that is referred to, or its type. */
export function nameOf(schema: Schema | Reference | undefined): string | undefined {
  if (schema === undefined) return undefined;
  if (isReference(schema)) return lastOf(schema.$ref);
  if (schema.items !== undefined) return `${nameOf(schema.items) ?? ''}[]`;
  return schema.type === undefined ? undefined : String(schema.type);
}

export function callsOf(document: ApiDocument): readonly Call[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
        parameters: (operation.parameters ?? [])
          .flatMap((parameter) => {
            const found = isReference(parameter) ? document.components.parameters[lastOf(parameter.$ref)] : parameter;
            return found === undefined ? [] : [found];
          })
          .filter((parameter) => parameter.name !== OPERATOR_TOKEN),
        body: nameOf(operation.requestBody?.content['application/json']?.schema),
        answer: nameOf(operation.responses['200']?.content?.['application/json']?.schema),
      })),
  );
}

/** An example of a schema, as JSON to begin with. */
export function exampleOf(document: ApiDocument, name: string): string {
  const schema = document.components.schemas[name];
  return JSON.stringify(schema?.example ?? schema?.examples?.[0] ?? {}, null, 2);
}
