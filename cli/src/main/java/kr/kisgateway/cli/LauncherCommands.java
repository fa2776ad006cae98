package kr.kisgateway.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The commands of {@code ./kis} that other programs run; the launcher passes a word that it does not have on to {@link Kis}. */
final class LauncherCommands {
    /** Set by the launcher of a distribution, which has no sources to build. */
    static final String DISTRIBUTION = "KIS_DISTRIBUTION";

    private static final List<String> FROM_SOURCES = List.of(
            "simulate",
            "bench",
            "build",
            "test",
            "mutate",
            "install",
            "package",
            "release",
            "requirements",
            "openapi",
            "site");

    private static final List<String> EVERYWHERE = List.of(
            "run",
            "record",
            "doctor",
            "keys",
            "secrets",
            "audit",
            "backup",
            "incident",
            "tls",
            "config",
            "journal",
            "version",
            "help");

    /** The words that may follow; a command that is not here takes options or a file. */
    static final Map<String, List<String>> WORDS = Map.of(
            "keys", List.of("create", "list", "revoke", "rotate"),
            "secrets", List.of("set", "list", "remove", "rotate", "move-master-key"),
            "audit", List.of("search", "verify", "export"),
            "backup", List.of("create", "verify", "restore"),
            "incident", List.of("report"),
            "tls", List.of("self-signed", "show"),
            "journal", List.of("verify", "rebuild", "export", "prune", "init", "migrate"));

    private LauncherCommands() {}

    /** Those that this installation has. */
    static List<String> of(CommandEnvironment process) {
        return process.variable(DISTRIBUTION).isPresent() ? EVERYWHERE : all();
    }

    /** Those of the sources. */
    static List<String> all() {
        return Stream.concat(EVERYWHERE.stream(), FROM_SOURCES.stream()).toList();
    }
}
