package kr.kisgateway.gateway.audit;

import java.time.Instant;
import java.time.YearMonth;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Rows, seals and checkpoints as JSON, for the spool and the files. */
final class AuditJson {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SEQ = "seq";
    private static final String HASH = "hash";
    private static final String PUBLIC_KEY = "public_key";
    private static final String SIGNATURE = "signature";

    private AuditJson() {}

    static ObjectNode json(AuditEntry entry) {
        return JSON.createObjectNode()
                .put("at_ms", entry.at().toEpochMilli())
                .put("source", entry.source().wireName())
                .put("kind", entry.kind().wireName())
                .put("principal", entry.principal())
                .put("key", entry.key())
                .put("address", entry.address())
                .put("call", entry.call())
                .put("tr", entry.tr())
                .put("parameters", entry.parameters())
                .put("status", entry.status())
                .put("result", entry.result())
                .put("trace_id", entry.traceId())
                .put("calls", entry.calls())
                .put("failed", entry.failed())
                .put("cost", entry.cost())
                .put("micros", entry.micros());
    }

    static AuditEntry entry(JsonNode json) {
        return new AuditEntry(
                Instant.ofEpochMilli(json.required("at_ms").asLong()),
                AuditSource.of(json.required("source").asString()).orElse(AuditSource.GATEWAY),
                AuditEntry.Kind.of(json.required("kind").asString()).orElse(AuditEntry.Kind.REPORT),
                json.required("principal").asString(),
                json.required("key").asString(),
                json.required("address").asString(),
                json.required("call").asString(),
                json.required("tr").asString(),
                json.required("parameters").asString(),
                json.required("status").asInt(),
                json.required("result").asString(),
                json.required("trace_id").asString(),
                json.required("calls").asLong(),
                json.required("failed").asLong(),
                json.required("cost").asLong(),
                json.required("micros").asLong());
    }

    /** A row as one line of a file. */
    static String line(AuditRow row) {
        var line = JSON.createObjectNode().put(SEQ, row.seq());
        line.setAll(json(row.entry()));
        return line.put(HASH, hex(row.hash())).toString();
    }

    /** The row of a line; empty when it is none. */
    static Optional<AuditRow> row(String line) {
        try {
            var json = JSON.readTree(line);
            return Optional.of(new AuditRow(
                    json.required(SEQ).asLong(),
                    entry(json),
                    HexFormat.of().parseHex(json.required(HASH).asString())));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static byte[] bytes(AuditSeal seal) {
        return JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(JSON.createObjectNode()
                        .put("month", seal.month().toString())
                        .put("first", seal.first())
                        .put("last", seal.last())
                        .put("hash_before", hex(seal.before()))
                        .put("hash_after", hex(seal.after()))
                        .put("sha256", hex(seal.sha256()))
                        .put("sealed_ms", seal.sealedAt().toEpochMilli())
                        .put(PUBLIC_KEY, base64(seal.publicKey()))
                        .put(SIGNATURE, base64(seal.signature())));
    }

    static Optional<AuditSeal> seal(byte[] bytes) {
        try {
            var json = JSON.readTree(bytes);
            return Optional.of(new AuditSeal(
                    YearMonth.parse(json.required("month").asString()),
                    json.required("first").asLong(),
                    json.required("last").asLong(),
                    HexFormat.of().parseHex(json.required("hash_before").asString()),
                    HexFormat.of().parseHex(json.required("hash_after").asString()),
                    HexFormat.of().parseHex(json.required("sha256").asString()),
                    Instant.ofEpochMilli(json.required("sealed_ms").asLong()),
                    Base64.getDecoder().decode(json.required(PUBLIC_KEY).asString()),
                    Base64.getDecoder().decode(json.required(SIGNATURE).asString()),
                    Optional.empty()));
        } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException _) {
            return Optional.empty();
        }
    }

    static byte[] bytes(AuditCheckpoint checkpoint) {
        return JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(JSON.createObjectNode()
                        .put(SEQ, checkpoint.seq())
                        .put("at_ms", checkpoint.at().toEpochMilli())
                        .put(HASH, hex(checkpoint.hash()))
                        .put(PUBLIC_KEY, base64(checkpoint.publicKey()))
                        .put(SIGNATURE, base64(checkpoint.signature())));
    }

    static Optional<AuditCheckpoint> checkpoint(byte[] bytes) {
        try {
            var json = JSON.readTree(bytes);
            return Optional.of(new AuditCheckpoint(
                    json.required(SEQ).asLong(),
                    Instant.ofEpochMilli(json.required("at_ms").asLong()),
                    HexFormat.of().parseHex(json.required(HASH).asString()),
                    Base64.getDecoder().decode(json.required(PUBLIC_KEY).asString()),
                    Base64.getDecoder().decode(json.required(SIGNATURE).asString())));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
