package kr.kisgateway.gateway.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kr.kisgateway.client.Secret;

/**
 * The address of a PostgreSQL database, written as {@code postgresql://user:password@host:5432/database?sslmode=require}.
 * Several hosts, separated by commas, are one server and its replicas; the one that takes writes is used.
 *
 * @param hosts as {@code host:port,host:port}
 * @param options those of {@link #OPTIONS} that are given
 */
public record PostgresAddress(
        String hosts, String database, Optional<String> user, Optional<Secret> password, Map<String, String> options) {
    /** Options of an address. Others are refused: some of the driver's load classes by name. */
    public static final Set<String> OPTIONS = Set.of("sslmode", "sslrootcert", "sslcert", "sslkey");

    private static final Set<String> SCHEMES = Set.of("postgresql", "postgres");
    private static final int PORT_MAX = 65_535;

    public PostgresAddress {
        options = Map.copyOf(options);
    }

    /** The address in {@code text}; empty when it is none, or has an option that is not allowed. */
    public static Optional<PostgresAddress> parse(String text) {
        try {
            var uri = new URI(text);
            String authority = uri.getRawAuthority();
            String path = uri.getRawPath();
            if (!SCHEMES.contains(String.valueOf(uri.getScheme()))
                    || authority == null
                    || path == null
                    || path.length() < 2
                    || path.indexOf('/', 1) > 0
                    || uri.getRawFragment() != null) {
                return Optional.empty();
            }
            int at = authority.lastIndexOf('@');
            String hosts = authority.substring(at + 1);
            Optional<Map<String, String>> options = options(Optional.ofNullable(uri.getRawQuery()));
            if (options.isEmpty() || !Arrays.stream(hosts.split(",", -1)).allMatch(PostgresAddress::isHost)) {
                return Optional.empty();
            }
            Optional<String> login = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
            int colon = login.map(it -> it.indexOf(':')).orElse(-1);
            return Optional.of(new PostgresAddress(
                    hosts,
                    decode(path.substring(1)),
                    login.map(it -> decode(colon < 0 ? it : it.substring(0, colon))),
                    login.filter(_ -> colon >= 0).map(it -> Secret.of(decode(it.substring(colon + 1)))),
                    options.get()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty(); // without the text, which may contain a password
        }
    }

    private static boolean isHost(String host) {
        int colon = host.lastIndexOf(':');
        if (host.isEmpty() || colon == 0) {
            return false;
        }
        if (colon < 0 || host.endsWith("]")) {
            return true;
        }
        String port = host.substring(colon + 1);
        return port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= PORT_MAX;
    }

    private static Optional<Map<String, String>> options(Optional<String> query) {
        Map<String, String> options = new TreeMap<>();
        for (String option :
                query.stream().flatMap(it -> Arrays.stream(it.split("&", -1))).toList()) {
            int equals = option.indexOf('=');
            if (equals < 0 || !OPTIONS.contains(option.substring(0, equals))) {
                return Optional.empty();
            }
            options.put(option.substring(0, equals), decode(option.substring(equals + 1)));
        }
        return Optional.of(options);
    }

    private static String decode(String text) {
        // A plus is a plus in an address, and a space in a form.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The address for the driver, without user, password and options. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + hosts + "/" + java.net.URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** Hosts and database, for people: without user and password. */
    @Override
    public String toString() {
        return hosts + "/" + database
                + options.entrySet().stream()
                        .map(option -> option.getKey() + "=" + option.getValue())
                        .collect(Collectors.joining("&", options.isEmpty() ? "" : "?", ""));
    }
}
