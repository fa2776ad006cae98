package kr.kisgateway.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * KIS's calls and realtime TRs as data: {@code rest.json} (276 calls) and {@code ws.json} (60 TRs), taken from the
 * official sample repository, {@code catalog-notes.json} and {@code realtime-notes.json} with the deviations of single
 * ones, and {@code parameters.tsv} with the broker's documentation of each parameter. Each file is read at its first use,
 * one entry at a time, so an unused catalog costs nothing; the typed hot path never uses it. Safe for any number of threads.
 */
public final class Catalog {
    private static final JsonNode NO_NOTE = JsonNodeFactory.instance.objectNode();

    private static final Catalog SHARED = new Catalog();

    private final Lazy<Rest> rest = new Lazy<>(Catalog::readRest);
    private final Lazy<Realtime> realtime = new Lazy<>(Catalog::readRealtime);

    private Catalog() {}

    /** The catalog: the files never change, so a process reads each of them once, when it is first needed. */
    public static Catalog load() {
        return SHARED;
    }

    /** All REST calls in the order of the file. */
    public List<RestCall> restCalls() {
        return rest.get().all;
    }

    /** The REST calls with this TR id, live, paper or legacy; usually one, and two for an id that KIS itself assigned twice. */
    public List<RestCall> restByTrId(String trId) {
        return rest.get().byTrId.getOrDefault(trId, List.of());
    }

    /** The REST calls of a path such as {@code /uapi/domestic-stock/v1/trading/order-cash}; GET and POST may differ. */
    public List<RestCall> restByPath(String path) {
        return rest.get().byPath.getOrDefault(path, List.of());
    }

    /** The REST call with the catalog's own id, such as {@code domestic_stock_order_cash}. */
    public Optional<RestCall> restById(String id) {
        return Optional.ofNullable(rest.get().byId.get(id));
    }

    /** All realtime TRs in the order of the file. */
    public List<RealtimeTr> realtimeTrs() {
        return realtime.get().all;
    }

    /** The realtime TR of a live or paper id; {@code K0STCNI0/9} are other names of {@code H0STCNI0/9}. */
    public Optional<RealtimeTr> realtime(String trId) {
        String name = trId.startsWith("K0STCNI") ? "H" + trId.substring(1) : trId;
        return Optional.ofNullable(realtime.get().byTrId.get(name));
    }

    /**
     * The named columns of a realtime record, in wire order and capitals, empty for an unknown TR. A record on the wire
     * may be wider: later columns have no name here.
     */
    public List<String> columns(String trId) {
        return realtime(trId).map(RealtimeTr::columnNames).orElse(List.of());
    }

    private static Map<String, JsonNode> notes(String resource, String by) {
        Map<String, JsonNode> notes = new HashMap<>();
        read(resource, note -> note).forEach(note -> notes.put(text(note, by), note));
        return notes;
    }

    private static Rest readRest() {
        Map<String, JsonNode> notes = notes("catalog-notes.json", "id");
        ParameterTable parameters = ParameterTable.load();
        return new Rest(read(
                "rest.json", node -> restCall(node, notes.getOrDefault(text(node, "id"), NO_NOTE), parameters)));
    }

    private static Realtime readRealtime() {
        Map<String, JsonNode> notes = notes("realtime-notes.json", "trId");
        return new Realtime(read("ws.json", node -> realtimeTr(node, notes.getOrDefault(text(node, "trId"), NO_NOTE))));
    }

    private static <T> List<T> read(String resource, Function<JsonNode, T> entry) {
        List<T> all = new ArrayList<>();
        try (InputStream in = Resources.open(resource);
                MappingIterator<JsonNode> entries =
                        new JsonMapper().readerFor(JsonNode.class).readValues(in)) {
            entries.forEachRemaining(node -> all.add(entry.apply(node)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return List.copyOf(all);
    }

    private static RestCall restCall(JsonNode node, JsonNode note, ParameterTable parameters) {
        List<RestCall.TrId> trIds = new ArrayList<>();
        if (node.path("trId").isObject()) {
            trIds.add(trId(node.path("trId")));
        }
        node.path("trIds").forEach(each -> trIds.add(trId(each)));
        List<RestCall.Param> params = new ArrayList<>();
        node.path("params")
                .forEach(each -> params.add(param(each, parameters.row(text(node, "id"), text(each, "name")))));
        return new RestCall(
                text(node, "id"),
                text(node, "category"),
                text(node, "nameKo"),
                text(node, "method"),
                text(node, "path"),
                List.copyOf(trIds),
                strings(node.path("legacyTrIds")),
                List.copyOf(params),
                blocks(node, note),
                paging(node.path("paging"), note, params),
                optional(note, "paper"));
    }

    /**
     * A combined block of the samples ({@code output1+output2}) becomes two with the same columns. Columns of the
     * document that the samples omit follow theirs; a list under another block's name in the samples is moved.
     */
    private static List<RestCall.Block> blocks(JsonNode node, JsonNode note) {
        List<RestCall.Block> blocks = new ArrayList<>();
        node.path("outputs").propertyStream().forEach(block -> {
            List<RestCall.Column> columns = columns(block.getValue());
            for (String sample : block.getKey().split("\\+")) {
                String name = optional(note.path("renamed"), sample).orElse(sample);
                List<RestCall.Column> all = new ArrayList<>(columns);
                note.path("columns")
                        .path(name)
                        .propertyStream()
                        .forEach(column -> all.add(new RestCall.Column(
                                column.getKey(), column.getValue().asString())));
                blocks.add(new RestCall.Block(name, shape(text(node.path("outputShape"), name)), List.copyOf(all)));
            }
        });
        return List.copyOf(blocks);
    }

    private static RestCall.Shape shape(String name) {
        return switch (name) {
            case "array" -> RestCall.Shape.ARRAY;
            case "object", "" -> RestCall.Shape.OBJECT;
            default -> RestCall.Shape.EITHER;
        };
    }

    /** Where the samples' loop has no context it repeats the same request: that is one page. */
    private static Optional<RestCall.Paging> paging(JsonNode paging, JsonNode note, List<RestCall.Param> params) {
        String context = optional(note, "paging").orElse(text(paging, "ctx"));
        if (context.isEmpty()) {
            return Optional.empty();
        }
        List<String> ends = List.of(context.split("/"));
        List<String> keys = params.stream()
                .map(RestCall.Param::name)
                .filter(name -> ends.stream().anyMatch(end -> name.equals(end) || name.equals("CTX_AREA_" + end)))
                .toList();
        Map<String, String> next = new LinkedHashMap<>();
        note.path("next")
                .propertyStream()
                .forEach(each -> next.put(each.getKey(), each.getValue().asString()));
        return Optional.of(
                new RestCall.Paging(keys, paging.path("trCont").asBoolean(false), Collections.unmodifiableMap(next)));
    }

    private static List<String> strings(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private static RestCall.TrId trId(JsonNode node) {
        return new RestCall.TrId(text(node, "when"), optional(node, "live"), optional(node, "paper"));
    }

    private static RestCall.Param param(JsonNode node, ParameterTable.Row documented) {
        return new RestCall.Param(
                text(node, "name"),
                text(node, "nameKo"),
                text(node, "description"),
                documented.required(),
                documented.blank(),
                node.path("optional").asBoolean(false),
                optional(node, "fixed"),
                optional(node, "default"),
                optional(node, "example"),
                documented.standard(),
                documented.initial());
    }

    private static List<RestCall.Column> columns(JsonNode node) {
        List<RestCall.Column> columns = new ArrayList<>();
        node.forEach(each -> columns.add(column(each)));
        return List.copyOf(columns);
    }

    private static RestCall.Column column(JsonNode node) {
        return new RestCall.Column(text(node, "name"), text(node, "nameKo"));
    }

    private static RealtimeTr realtimeTr(JsonNode node, JsonNode note) {
        return new RealtimeTr(
                text(node, "trId"),
                optional(node, "paperTrId").or(() -> optional(note, "paperTrId")),
                text(node, "id"),
                text(node, "category"),
                text(node, "nameKo"),
                text(node, "keyKind"),
                optional(node, "keyExample"),
                node.path("encrypted").asBoolean(false),
                columns(node.path("columns")),
                note.has("leading") ? Optional.of(column(note.path("leading"))) : Optional.empty(),
                optional(note, "paper"));
    }

    private static String text(JsonNode node, String field) {
        return optional(node, field).orElse("");
    }

    private static Optional<String> optional(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isValueNode() && !value.isNull() ? Optional.of(value.asString()) : Optional.empty();
    }

    private static final class Rest {
        private final List<RestCall> all;
        private final Map<String, RestCall> byId = new HashMap<>();
        private final Map<String, List<RestCall>> byTrId = new HashMap<>();
        private final Map<String, List<RestCall>> byPath = new HashMap<>();

        Rest(List<RestCall> all) {
            this.all = all;
            for (RestCall call : all) {
                byId.put(call.id(), call);
                byPath.computeIfAbsent(call.path(), path -> new ArrayList<>()).add(call);
                for (String trId : call.allTrIds()) {
                    byTrId.computeIfAbsent(trId, id -> new ArrayList<>()).add(call);
                }
            }
            // A current id before a legacy one: an old id may have been given to two calls.
            byTrId.forEach((trId, calls) ->
                    calls.sort(Comparator.comparing(call -> call.legacyTrIds().contains(trId))));
            byTrId.replaceAll((trId, calls) -> List.copyOf(calls));
            byPath.replaceAll((path, calls) -> List.copyOf(calls));
        }
    }

    private static final class Realtime {
        private final List<RealtimeTr> all;
        private final Map<String, RealtimeTr> byTrId = new HashMap<>();

        Realtime(List<RealtimeTr> all) {
            this.all = all;
            for (RealtimeTr tr : all) {
                byTrId.put(tr.trId(), tr);
                tr.paperTrId().ifPresent(paper -> byTrId.put(paper, tr));
            }
        }
    }
}
