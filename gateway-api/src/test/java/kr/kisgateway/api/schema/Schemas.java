package kr.kisgateway.api.schema;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Derives the schemas of the OpenAPI document from the records: what a record is, its schema says. */
final class Schemas {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NULL = "null";

    private final SourceTexts texts;

    Schemas(SourceTexts texts) {
        this.texts = texts;
    }

    /** The lines of {@code components.schemas}, each schema under its name, in the order of the names. */
    String document(List<Class<?>> types) {
        return types.stream()
                .sorted((one, other) -> name(one).compareTo(name(other)))
                .map(type -> "    " + name(type) + ":\n" + lines(schema(type)))
                .collect(Collectors.joining());
    }

    /** The name of a type's schema: of a nested type after the outer one's; of the texts of an enum, the enum's. */
    static String name(Class<?> type) {
        if (type.isAnnotation() && type.getEnclosingClass() != null)
            return type.getEnclosingClass().getSimpleName();
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : name(type.getEnclosingClass()) + type.getSimpleName();
    }

    private static String lines(Map<String, Object> schema) {
        var out = new StringBuilder();
        schema.forEach((key, value) -> {
            if (key.equals("properties")) {
                out.append("      properties:\n");
                ((Map<?, ?>) value)
                        .forEach((name, property) -> out.append("        ")
                                .append(JSON.writeValueAsString(name))
                                .append(": ")
                                .append(JSON.writeValueAsString(property))
                                .append('\n'));
            } else {
                out.append("      ")
                        .append(key)
                        .append(": ")
                        .append(JSON.writeValueAsString(value))
                        .append('\n');
            }
        });
        return out.toString();
    }

    private Map<String, Object> schema(Class<?> type) {
        var schema = new LinkedHashMap<String, Object>();
        if (type.isAnnotation()) {
            schema.put("type", "string");
            limits(schema, type);
        } else if (type.isRecord() && !isValue(type)) {
            schema.put("type", "object");
        } else if (isValue(type)) {
            schema.put("oneOf", valueForms(type));
        } else {
            schema.put("oneOf", alternatives(type).map(Schemas::reference).toList());
        }
        describe(schema, texts.of(canonicalName(type)).type());
        if (type.isRecord() && !isValue(type)) {
            properties(schema, type);
        }
        example(type).ifPresent(json -> schema.put("example", JSON.readTree(json)));
        return schema;
    }

    /** The example of a type, as JSON. */
    static Optional<String> example(Class<?> type) {
        try (var file = Schemas.class.getResourceAsStream("/examples/" + name(type) + ".json")) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A record that is written as a text, or as its only component. */
    private static List<Object> valueForms(Class<?> type) {
        var text = new LinkedHashMap<String, Object>();
        text.put("type", "string");
        limits(text, type);
        var component = type.getRecordComponents()[0];
        return List.of(text, property(component.getAnnotatedType(), component, true));
    }

    private static Stream<Class<?>> alternatives(Class<?> type) {
        return Optional.ofNullable(type.getAnnotation(Alternatives.class))
                .map(Alternatives::value)
                .or(() -> Optional.ofNullable(type.getPermittedSubclasses()))
                .map(Arrays::stream)
                .orElseThrow(() -> new IllegalStateException(type + " has no form in JSON."));
    }

    private void properties(Map<String, Object> schema, Class<?> type) {
        var described = texts.of(canonicalName(type)).components();
        var required = new ArrayList<String>();
        var properties = new LinkedHashMap<String, Object>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (isMany(component)) {
                schema.put("patternProperties", many(component, described.get(component.getName())));
                continue;
            }
            String name = jsonName(component);
            boolean omitted = component.isAnnotationPresent(OmittedWhenEmpty.class)
                    || component.isAnnotationPresent(OmittedWhenFalse.class);
            if (!omitted) {
                required.add(name);
            }
            var property = property(component.getAnnotatedType(), component, omitted && !isRequest(type));
            if (component.isAnnotationPresent(OmittedWhenFalse.class)) {
                property.put("const", true);
            }
            var text = described.get(component.getName());
            if (text == null) {
                throw new IllegalStateException(type + " does not describe " + component.getName());
            }
            describe(property, text);
            properties.put(name, property);
        }
        long many = Arrays.stream(type.getRecordComponents())
                .filter(Schemas::isMany)
                .count();
        if (described.size() != properties.size() + many) {
            throw new IllegalStateException(type + " describes what it does not have: " + described.keySet());
        }
        schema.put("required", required);
        schema.put("additionalProperties", false);
        schema.put("properties", properties);
    }

    /** Whether a component is written as fields of the record itself, whose names have the form that it is annotated with. */
    private static boolean isMany(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonAnyGetter.class);
    }

    private static Map<String, Object> many(RecordComponent component, SourceTexts.Text text) {
        var values = ((AnnotatedParameterizedType) component.getAnnotatedType()).getAnnotatedActualTypeArguments()[1];
        var field = property(values, values, false);
        describe(field, text);
        return Map.of(component.getAnnotation(Form.class).value(), field);
    }

    /** In a request null counts as absent. */
    private static boolean isRequest(Class<?> type) {
        return type.getSimpleName().endsWith("Request")
                || type.isAnnotationPresent(AcceptsNull.class)
                || type.getEnclosingClass() != null && isRequest(type.getEnclosingClass());
    }

    private static void describe(Map<String, Object> schema, SourceTexts.Text text) {
        schema.put("description", text.english());
        schema.put("x-description-ko", text.korean());
    }

    /** The JSON name of a component. */
    static String jsonName(RecordComponent component) {
        return Optional.ofNullable(component.getAccessor().getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .orElseGet(() -> component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT));
    }

    private static Map<String, Object> property(AnnotatedType annotated, AnnotatedElement limits, boolean neverNull) {
        Type type = annotated.getType();
        if (type == OptionalLong.class) {
            return value(long.class, annotated, limits, !neverNull);
        }
        if (type instanceof ParameterizedType parameterized && parameterized.getRawType() == Optional.class) {
            var content = ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[0];
            return value(content.getType(), content, limits, !neverNull);
        }
        return value(type, annotated, limits, false);
    }

    private static Map<String, Object> value(
            Type type, AnnotatedType annotated, AnnotatedElement limits, boolean nullable) {
        var named = named(limits).or(() -> named(annotated));
        if (named.isPresent()) {
            return reference(named.get(), nullable);
        }
        if (type instanceof Class<?> raw && (raw.isRecord() || raw.isInterface())) {
            return reference(raw, nullable);
        }
        var schema = new LinkedHashMap<String, Object>();
        String plain = plainType(type);
        schema.put("type", nullable ? List.of(plain, NULL) : plain);
        format(type).ifPresent(format -> schema.put("format", format));
        limits(schema, limits);
        if (limits != annotated) {
            limits(schema, annotated);
        }
        if (nullable && schema.get("enum") instanceof List<?> words) {
            var withNull = new ArrayList<Object>(words);
            withNull.add(null);
            schema.put("enum", withNull);
        }
        if (annotated instanceof AnnotatedParameterizedType parameterized) {
            var arguments = parameterized.getAnnotatedActualTypeArguments();
            var content = arguments[arguments.length - 1];
            if (content.getType() == Object.class) {
                return schema; // any JSON object
            }
            schema.put(plain.equals("array") ? "items" : "additionalProperties", property(content, content, false));
        }
        return schema;
    }

    private static Map<String, Object> reference(Class<?> type, boolean nullable) {
        var schema = new LinkedHashMap<String, Object>();
        if (nullable) {
            schema.put("oneOf", List.of(Map.of("type", NULL), reference(type)));
        } else {
            schema.putAll(reference(type));
        }
        return schema;
    }

    private static Map<String, Object> reference(Class<?> type) {
        return Map.of("$ref", "#/components/schemas/" + name(type));
    }

    /** The annotation that names a form of text, as {@code @Symbol}. */
    private static Optional<Class<?>> named(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .<Class<?>>map(Annotation::annotationType)
                .filter(type -> type.getName().startsWith("kr.kisgateway.api."))
                .filter(type -> !type.getPackageName().equals(Schemas.class.getPackageName()))
                .findFirst();
    }

    private static String plainType(Type type) {
        Type raw = type instanceof ParameterizedType parameterized ? parameterized.getRawType() : type;
        return switch (raw) {
            case Class<?> it
            when it == long.class || it == Long.class || it == int.class || it == Integer.class -> "integer";
            case Class<?> it when it == BigDecimal.class -> "number";
            case Class<?> it when it == boolean.class || it == Boolean.class -> "boolean";
            case Class<?> it when it == String.class || it == OffsetDateTime.class || it == LocalDate.class -> "string";
            case Class<?> it when it == List.class -> "array";
            case Class<?> it when it == Map.class || it == JsonNode.class -> "object";
            default -> throw new IllegalStateException("no JSON type for " + type);
        };
    }

    private static Optional<String> format(Type type) {
        if (type == OffsetDateTime.class) {
            return Optional.of("date-time");
        }
        return type == LocalDate.class ? Optional.of("date") : Optional.empty();
    }

    private static void limits(Map<String, Object> schema, AnnotatedElement element) {
        present(element, OneOf.class).ifPresent(words -> schema.put("enum", List.of(words.value())));
        present(element, Form.class).ifPresent(form -> schema.put("pattern", form.value()));
        present(element, Range.class).ifPresent(range -> {
            putUnless(schema, "minimum", range.min(), Long.MIN_VALUE);
            putUnless(schema, "exclusiveMinimum", range.above(), Long.MIN_VALUE);
            putUnless(schema, "maximum", range.max(), Long.MAX_VALUE);
        });
        present(element, Size.class).ifPresent(size -> {
            boolean list = String.valueOf(schema.get("type")).contains("array");
            putUnless(schema, list ? "minItems" : "minLength", size.min(), 0);
            putUnless(schema, list ? "maxItems" : "maxLength", size.max(), Integer.MAX_VALUE);
        });
        present(element, Default.class)
                .ifPresent(preset -> schema.put(
                        "default",
                        String.valueOf(schema.get("type")).contains("string")
                                ? preset.value()
                                : JSON.readValue(preset.value(), Object.class)));
    }

    private static <A extends Annotation> Optional<A> present(AnnotatedElement element, Class<A> type) {
        return Optional.ofNullable(element.getAnnotation(type));
    }

    private static void putUnless(Map<String, Object> schema, String key, long value, long unset) {
        if (value != unset) {
            schema.put(key, value);
        }
    }

    /** Whether a record is written as a value of its own form, by a method with {@code @JsonValue}. */
    private static boolean isValue(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).anyMatch(method -> method.isAnnotationPresent(JsonValue.class));
    }

    private static String canonicalName(Class<?> type) {
        return String.valueOf(type.getCanonicalName());
    }
}
