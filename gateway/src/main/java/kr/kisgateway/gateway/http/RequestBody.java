package kr.kisgateway.gateway.http;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.market.NearestWord;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object read strictly: duplicate members, NaN, trailing text and deep nesting are {@code MALFORMED_JSON}; the
 * getters throw {@code MISSING_FIELD} and {@code INVALID_FIELD} with the field's name. Numbers are exact decimals and
 * never converted to a binary float; a field that is {@code null} counts as absent.
 */
public final class RequestBody {
    private static final int DEPTH_MAX = 16;
    private static final int TEXT_MAX = 256;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(64)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private final ObjectNode object;
    /** Prefix of field names in messages: empty at the top, else as {@code gateway.}. */
    private final String path;

    private RequestBody(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /**
     * Strictly UTF-8: the JSON library also accepts UTF-16 and UTF-32, and bytes that another reader decodes otherwise.
     */
    private static String text(byte[] utf8) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw malformed("it is not UTF-8");
        }
    }

    /** Parses the JSON object in {@code utf8}. */
    public static RequestBody parse(byte[] utf8) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text(utf8));
        } catch (StreamConstraintsException e) {
            throw malformed("it is nested too deeply, or a part of it is too long");
        } catch (UnexpectedEndOfInputException e) {
            throw malformed("it ends too early");
        } catch (JacksonException e) {
            throw malformed(problem(e));
        } catch (NumberFormatException e) {
            // Thrown for an exponent beyond the range of a decimal; no parser exception covers it.
            throw malformed("a number is out of range");
        }
        if (tree instanceof ObjectNode object) {
            return new RequestBody(object, "");
        }
        throw malformed("the body must be a JSON object");
    }

    /** Refuses any member that is not in {@code allowed}, naming it. */
    public RequestBody requireOnly(Set<String> allowed) {
        for (var name : object.propertyNames()) {
            if (!allowed.contains(name)) {
                throw new RefusedException(unknown(truncate(path + name), NearestWord.of(name, allowed)));
            }
        }
        return this;
    }

    private Refusal unknown(String field, Optional<String> nearest) {
        var advice = nearest.map(suggestion -> "did you mean \"" + path + suggestion + "\"?")
                .orElse("remove it.");
        var refusal = Refusal.of(ErrorCode.UNKNOWN_FIELD, "There is no field \"" + field + "\"; " + advice)
                .with("field", field);
        return nearest.map(suggestion -> refusal.with("suggestion", path + suggestion))
                .orElse(refusal);
    }

    public boolean has(String field) {
        var node = object.get(field);
        return node != null && !node.isNull();
    }

    /** Whether the field is a text, where other types are allowed as well. */
    public boolean isText(String field) {
        return has(field) && object.get(field).isString();
    }

    public String text(String field) {
        return optionalText(field).orElseThrow(() -> missing(path + field));
    }

    /** A text of at most {@value #TEXT_MAX} characters without control characters. */
    public Optional<String> optionalText(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        var node = object.get(field);
        if (!node.isString()) {
            throw invalid(path + field, "must be a text");
        }
        var text = node.stringValue();
        if (text.length() > TEXT_MAX) {
            throw invalid(path + field, "must have at most " + TEXT_MAX + " characters");
        }
        unprintable(text).ifPresent(mark -> {
            throw invalid(path + field, "must not contain " + mark);
        });
        return Optional.of(text);
    }

    /**
     * The first character that displays another text than the stored one, or cannot be stored: {@code the direction mark
     * U+202E at position 4}, counted in characters from 1. Empty when there is none.
     */
    public static Optional<String> unprintable(String text) {
        int[] codePoints = text.codePoints().toArray();
        for (int i = 0; i < codePoints.length; i++) {
            int at = i;
            var kind = unprintableKind(codePoints[i]);
            if (kind.isPresent()) {
                return kind.map(name -> "%s U+%04X at position %d".formatted(name, codePoints[at], at + 1));
            }
        }
        return Optional.empty();
    }

    /**
     * Half of a surrogate pair would not survive UTF-8; line separators and direction marks display another text than
     * the stored one.
     */
    private static Optional<String> unprintableKind(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> Optional.of("the control character");
            case Character.SURROGATE -> Optional.of("half of a surrogate pair,");
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> Optional.of("the line separator");
            case Character.FORMAT ->
                turnsDirection(codePoint) ? Optional.of("the direction mark") : Optional.<String>empty();
            default -> Optional.empty();
        };
    }

    private static boolean turnsDirection(int codePoint) {
        return switch (Character.getDirectionality(codePoint)) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                    Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE -> true;
            default -> false;
        };
    }

    public long wholeNumber(String field) {
        var value = optionalWholeNumber(field);
        if (value.isEmpty()) {
            throw missing(path + field);
        }
        return value.getAsLong();
    }

    /** An integer of 64 bits; {@code 10.0} and {@code 1e3} are integers. */
    public OptionalLong optionalWholeNumber(String field) {
        if (!has(field)) {
            return OptionalLong.empty();
        }
        var node = object.get(field);
        if (!node.isNumber()) {
            throw invalid(path + field, "must be a number");
        }
        return OptionalLong.of(exactLong(path + field, node.decimalValue()));
    }

    public Optional<Boolean> optionalFlag(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        var node = object.get(field);
        if (!node.isBoolean()) {
            throw invalid(path + field, "must be true or false");
        }
        return Optional.of(node.booleanValue());
    }

    /** The texts of an array; empty when the field is absent. */
    public List<String> texts(String field, int max) {
        if (!has(field)) {
            return List.of();
        }
        var node = object.get(field);
        if (!node.isArray()) {
            throw invalid(path + field, "must be an array of texts");
        }
        if (node.size() > max) {
            throw invalid(path + field, "must have at most " + max + " entries");
        }
        var texts = new ArrayList<String>(node.size());
        for (var entry : node) {
            if (!entry.isString()) {
                throw invalid(path + field, "must be an array of texts");
            }
            texts.add(entry.stringValue());
        }
        return texts;
    }

    /** The integers of an array; empty when the field is absent. */
    public List<Long> wholeNumbers(String field, int max) {
        if (!has(field)) {
            return List.of();
        }
        var node = object.get(field);
        if (!node.isArray() || node.isEmpty() || node.size() > max) {
            throw invalid(path + field, "must be an array of 1 to " + max + " whole numbers");
        }
        var numbers = new ArrayList<Long>(node.size());
        for (var entry : node) {
            if (!entry.isNumber()) {
                throw invalid(path + field, "must be an array of whole numbers");
            }
            numbers.add(exactLong(path + field, entry.decimalValue()));
        }
        return numbers;
    }

    /** The objects of an array, each read as strictly as a body; the field is required. */
    public List<RequestBody> objects(String field, int max) {
        if (!has(field)) {
            throw missing(path + field);
        }
        var node = object.get(field);
        if (!node.isArray() || node.isEmpty() || node.size() > max) {
            throw invalid(path + field, "must be an array of 1 to " + max + " objects");
        }
        var objects = new ArrayList<RequestBody>(node.size());
        for (var entry : node) {
            if (!(entry instanceof ObjectNode member)) {
                throw invalid(path + field, "must be an array of objects");
            }
            objects.add(new RequestBody(member, path + field + "[" + objects.size() + "]."));
        }
        return objects;
    }

    /** The object, which must not be changed. */
    public JsonNode tree() {
        return object;
    }

    /** The object as JSON. */
    public String json() {
        return object.toString();
    }

    /** Whether the member is present, {@code null} included. */
    public boolean names(String field) {
        return object.has(field);
    }

    /** The names of all members. */
    public Set<String> names() {
        return Set.copyOf(object.propertyNames());
    }

    /** A nested object; its field names are prefixed with its own name. */
    public Optional<RequestBody> optionalObject(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        if (object.get(field) instanceof ObjectNode inner) {
            return Optional.of(new RequestBody(inner, path + field + "."));
        }
        throw invalid(path + field, "must be an object");
    }

    /** A number as written, exact. */
    public Optional<BigDecimal> optionalDecimal(String field) {
        if (!has(field)) {
            return Optional.empty();
        }
        var node = object.get(field);
        if (!node.isNumber()) {
            throw invalid(path + field, "must be a number");
        }
        return Optional.of(node.decimalValue());
    }

    /**
     * The text, number or flag at a JSON pointer, as {@code /order/price}; a number in full. Empty when nothing is there, or
     * {@code null}.
     */
    public Optional<String> valueAt(String pointer) {
        var node = object.at(pointer);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (node.isNumber()) {
            var value = node.decimalValue();
            if (value.precision() - (long) value.scale() > 32 || value.scale() > 32) {
                throw invalid(pointer, "is out of range");
            }
            return Optional.of(value.toPlainString());
        }
        if (node.isBoolean()) {
            return Optional.of(Boolean.toString(node.booleanValue()));
        }
        if (!node.isString()) {
            throw invalid(pointer, "must be a text, a number, true or false");
        }
        var text = node.stringValue();
        if (text.length() > TEXT_MAX) {
            throw invalid(pointer, "must have at most " + TEXT_MAX + " characters");
        }
        unprintable(text).ifPresent(mark -> {
            throw invalid(pointer, "must not contain " + mark);
        });
        return Optional.of(text);
    }

    /** Refuses the field of this object, naming it. */
    public RefusedException invalidMember(String field, String what) {
        return invalid(path + truncate(field), what);
    }

    public static RefusedException missing(String field) {
        return new RefusedException(Refusal.of(ErrorCode.MISSING_FIELD, "The field \"" + field + "\" is required.")
                .with("field", field));
    }

    /** @param what completes "The field … ", for example "must be a number" */
    public static RefusedException invalid(String field, String what) {
        return new RefusedException(Refusal.of(ErrorCode.INVALID_FIELD, "The field \"" + field + "\" " + what + ".")
                .with("field", field));
    }

    /** Refuses a field's text that is none of {@code accepted}, with the probably intended one. */
    public static RefusedException notOneOf(String field, String given, List<String> accepted) {
        return new RefusedException(invalid(field, "must be one of " + String.join(", ", accepted))
                .refusal()
                .suggesting(given, accepted));
    }

    private static long exactLong(String field, BigDecimal value) {
        // Size first: the digits of 1e999999999 written out would fill the memory.
        if (value.signum() != 0 && (value.precision() - (long) value.scale() > 19 || value.scale() > 64)) {
            throw invalid(field, "is out of range");
        }
        try {
            return value.longValueExact();
        } catch (ArithmeticException e) {
            throw invalid(field, "must be a whole number");
        }
    }

    private static RefusedException malformed(String reason) {
        return new RefusedException(
                Refusal.of(ErrorCode.MALFORMED_JSON, "The text is not valid JSON: " + reason + "."));
    }

    /** What is wrong and where; the parser's own message is about its configuration and its classes. */
    private static String problem(JacksonException e) {
        var message = String.valueOf(e.getOriginalMessage());
        var at = e.getLocation();
        var where =
                at == null || at.getLineNr() < 1 ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        if (message.startsWith("Duplicate")) {
            return "a member is repeated" + where;
        }
        return message.startsWith("Trailing") ? "text follows the object" + where : "there is an error" + where;
    }

    static String truncate(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "…" : text;
    }
}
