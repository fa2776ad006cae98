package kr.kisgateway.api.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.api.stream.StreamCalls;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The typed calls cover the contract. */
final class CallsTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String TEXT = "X";

    /** The streams are opened, not called. */
    private static final List<String> STREAMS =
            List.of("GET " + StreamCalls.STREAM, "GET " + withoutQuery(StreamCalls.events(List.of(), List.of())));

    /** What the lines of a batch have for each symbol. */
    private static final Map<String, String> LINES =
            Map.of("BatchLine", "lines of AnyQuote", "BarBatchLine", "lines of AnyBarPage");

    @Test
    void each_path_of_the_contract_has_a_call_with_the_contracts_answer()
            throws ReflectiveOperationException, IOException {
        var expected = contract();
        var actual = new TreeMap<String, String>();
        for (Method method : callMethods()) {
            var call = method.invoke(null, samples(method));
            var answer = form(((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0]);
            switch (call) {
                case ApiCall<?> one ->
                    actual.put(template(one.method() + " " + withoutQuery(one.path()), expected), answer);
                case BatchCall<?> one -> actual.put("POST " + withoutQuery(one.path()), "lines of " + answer);
                default -> throw new IllegalStateException(method + " makes no call.");
            }
        }
        STREAMS.forEach(stream -> actual.put(stream, "a stream"));
        assertThat(actual).isEqualTo(expected);
    }

    private static List<Method> callMethods() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString())
                    .filter(name -> name.endsWith("Calls.java"))
                    .map(name -> name.replace(".java", "").replace('/', '.'))
                    .flatMap(CallsTest::publicMethods)
                    .filter(method ->
                            method.getReturnType() == ApiCall.class || method.getReturnType() == BatchCall.class)
                    .toList();
        }
    }

    private static Stream<Method> publicMethods(String type) {
        try {
            return Arrays.stream(Class.forName(type).getDeclaredMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object[] samples(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(CallsTest::sample).toArray();
    }

    /** A value of any type that requests have, as small as possible. */
    private static Object sample(Class<?> type) {
        return switch (type) {
            case Class<?> it when it == String.class -> TEXT;
            case Class<?> it when it == Optional.class -> Optional.empty();
            case Class<?> it when it == OptionalInt.class -> OptionalInt.empty();
            case Class<?> it when it == OptionalLong.class -> OptionalLong.empty();
            case Class<?> it when it == List.class -> List.of();
            case Class<?> it when it == Map.class -> Map.of();
            case Class<?> it when it == long.class -> 1L;
            case Class<?> it when it == boolean.class -> true;
            case Class<?> it when it == BigDecimal.class -> BigDecimal.ONE;
            case Class<?> it when it == LocalDate.class -> LocalDate.EPOCH;
            case Class<?> it when it == OffsetDateTime.class -> OffsetDateTime.MIN;
            case Class<?> it when it.isRecord() -> sampleRecord(it);
            default -> throw new IllegalStateException("no sample of " + type);
        };
    }

    private static Object sampleRecord(Class<?> type) {
        var components = type.getRecordComponents();
        try {
            return type.getConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(Arrays.stream(components)
                            .map(component -> sample(component.getType()))
                            .toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String withoutQuery(String path) {
        return path.replaceFirst("[?].*", "");
    }

    /** The path of the contract that {@code request} has, with its parameters; the request itself if there is none. */
    private static String template(String request, Map<String, String> contract) {
        return contract.keySet().stream()
                .filter(path -> path.replaceAll("[{][a-z]+}", TEXT).equals(request))
                .findFirst()
                .orElse(request);
    }

    /** Method and path of each call of the contract, with the form of its answer. */
    private static Map<String, String> contract() throws IOException {
        var calls = new TreeMap<String, String>();
        JsonNode document = new YAMLMapper().readTree(Files.readString(Path.of("src/main/resources/openapi.yaml")));
        document.path("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, call) -> {
                    var request = method.toUpperCase(java.util.Locale.ROOT) + " " + path;
                    var answer = call.path("responses")
                            .properties()
                            .iterator()
                            .next()
                            .getValue();
                    // Text, as of Prometheus, is not for callers of this library, and /api/v3.x for programs of the old
                    // system.
                    if (!path.startsWith("/api/") && !answer.path("content").has("text/plain")) {
                        var schema = answer.path("content").iterator().next().path("schema");
                        calls.put(request, STREAMS.contains(request) ? "a stream" : form(schema));
                    }
                }));
        return calls;
    }

    private static String form(JsonNode schema) {
        if (schema.has("oneOf")) {
            var forms = new TreeSet<String>();
            schema.path("oneOf").forEach(one -> forms.add(form(one)));
            return String.join(" or ", forms);
        }
        if (schema.path("type").asString("").equals("array")) {
            return "list of " + form(schema.path("items"));
        }
        var reference = schema.path("$ref").asString("JsonNode");
        var name = reference.substring(reference.lastIndexOf('/') + 1);
        return LINES.getOrDefault(name, name);
    }

    private static String form(Type answer) {
        return switch (answer) {
            case Class<?> type when type == QuoteCalls.Quotes.class -> "PartialQuotes or list of AnyQuote";
            case Class<?> type -> type.getSimpleName();
            case ParameterizedType list -> "list of " + form(list.getActualTypeArguments()[0]);
            default -> throw new IllegalStateException("no form of " + answer);
        };
    }
}
