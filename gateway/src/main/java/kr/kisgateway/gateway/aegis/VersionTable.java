package kr.kisgateway.gateway.aegis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import kr.kisgateway.market.TradingCalendar;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The versions of the API with their dates, from {@code versions.yaml}. */
public final class VersionTable {
    private static final String FILE = "versions.yaml";

    private final List<Entry> entries;

    /**
     * A version.
     *
     * @param name in paths
     * @param version semantic version
     * @param path begin of its paths
     * @param deprecated day from which another version replaces it
     * @param sunset day from which a release may no longer have it
     * @param successor begin of the paths of the version that replaces it
     */
    public record Entry(
            String name,
            String version,
            String path,
            Optional<LocalDate> deprecated,
            Optional<LocalDate> sunset,
            Optional<String> successor) {
        /**
         * Headers that announce the end of the version: {@code Deprecation} (RFC 9745), {@code Sunset} (RFC 8594) and the version
         * to use instead. Days begin in Seoul.
         */
        Map<String, String> headers() {
            var headers = new LinkedHashMap<String, String>();
            deprecated.ifPresent(day -> headers.put("Deprecation", "@" + seconds(day)));
            sunset.ifPresent(day -> headers.put(
                    "Sunset",
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            day.atStartOfDay(TradingCalendar.SEOUL).withZoneSameInstant(ZoneOffset.UTC))));
            successor.ifPresent(path -> headers.put("Link", "<" + path + ">; rel=\"successor-version\""));
            return headers;
        }

        private static long seconds(LocalDate day) {
            return day.atStartOfDay(TradingCalendar.SEOUL).toEpochSecond();
        }
    }

    private VersionTable(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** The table of this release. */
    public static VersionTable load() {
        try (var file = Objects.requireNonNull(VersionTable.class.getResourceAsStream(FILE), FILE)) {
            var entries = new ArrayList<Entry>();
            new YAMLMapper().readTree(file).forEach(node -> entries.add(entry(node)));
            return new VersionTable(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(JsonNode node) {
        return new Entry(
                node.required("name").asString(),
                node.required("version").asString(),
                node.required("path").asString(),
                day(node, "deprecated"),
                day(node, "sunset"),
                Optional.ofNullable(node.get("successor")).map(JsonNode::asString));
    }

    private static Optional<LocalDate> day(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).map(JsonNode::asString).map(LocalDate::parse);
    }

    /** The versions, in the order of the table. */
    public List<Entry> entries() {
        return entries;
    }

    /** The version {@code name}, which the table has. */
    public Entry of(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
