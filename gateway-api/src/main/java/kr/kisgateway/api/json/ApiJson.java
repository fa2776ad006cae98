package kr.kisgateway.api.json;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes and reads the records of this module as the JSON of the API: names in snake_case in the order of the components,
 * decimals in full, times in ISO-8601 with offset. Reading accepts fields that a later version adds.
 *
 * <p>One mapper for the process: it is immutable, and learning the records' form is what costs.
 */
public final class ApiJson {
    private static final DateTimeFormatter WHOLE_SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .addModule(new SimpleModule().addSerializer(new Timestamp()))
            .build();

    private ApiJson() {}

    /** {@code value} as JSON in UTF-8. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** {@code value} as JSON text. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The record that {@code json} is; throws a {@code JacksonException} for text that is not one. */
    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** As {@link #read(String, Class)}, for lists of records. */
    public static <T> T read(String json, TypeReference<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** As {@link #read(String, Class)}, of JSON that was parsed already. */
    public static <T> T read(JsonNode json, Class<T> type) {
        return MAPPER.treeToValue(json, type);
    }

    /** The members of the object that {@code json} is, in their order; throws a {@code JacksonException} for other text. */
    public static Map<String, Object> object(String json) {
        return MAPPER.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /** The tree that {@code json} is; throws a {@code JacksonException} for text that is not JSON. */
    public static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (NumberFormatException _) {
            // Thrown for an exponent beyond the range of a decimal; no exception of the library covers it.
            throw new StreamConstraintsException("a number is out of range");
        }
    }

    /** {@code at} as records write it: RFC 3339, always with seconds, with milliseconds where there are any. */
    public static String time(OffsetDateTime at) {
        return at.getNano() == 0 ? WHOLE_SECONDS.format(at) : at.toString();
    }

    /** Writes times with {@link #time}. */
    private static final class Timestamp extends StdSerializer<OffsetDateTime> {
        Timestamp() {
            super(OffsetDateTime.class);
        }

        @Override
        public void serialize(OffsetDateTime value, JsonGenerator out, SerializationContext context) {
            out.writeString(time(value));
        }
    }
}
