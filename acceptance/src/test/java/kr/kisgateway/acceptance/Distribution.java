package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.programs.Launch;

/** The files that {@code ./kis package} makes of the built modules, made once for a build, and the installation of them. */
record Distribution(Path files) {
    private static final Path HOME = Launch.projectHome();
    private static final Duration MAKING = Duration.ofMinutes(20);

    /** The tools that the scripts use, and nothing else. */
    private static final List<String> TOOLS = List.of(
            "awk",
            "bash",
            "cat",
            "chmod",
            "cp",
            "curl",
            "cut",
            "dirname",
            "env",
            "find",
            "grep",
            "gzip",
            "head",
            "ln",
            "locale",
            "ls",
            "mkdir",
            "mktemp",
            "mv",
            "od",
            "readlink",
            "rm",
            "rmdir",
            "sed",
            "sh",
            "sha256sum",
            "stty",
            "tar",
            "tr",
            "uname",
            "wc");

    /** A process that has ended. */
    record Run(int code, String output) {}

    /** Parallel test processes make it once. */
    static Distribution made() throws Exception {
        var target = HOME.resolve("acceptance/target");
        var files = target.resolve("distribution");
        try (var channel = FileChannel.open(
                        target.resolve("distribution.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            var sums = files.resolve("SHA256SUMS");
            if (!Files.exists(sums) || Files.getLastModifiedTime(sums).compareTo(StartCache.built()) < 0) {
                make(target, files);
            }
        }
        return new Distribution(files);
    }

    private static void make(Path target, Path files) throws Exception {
        var variables = Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", "/usr/local/bin:/usr/bin:/bin");
        var made = run(
                HOME,
                MAKING,
                variables,
                "sh",
                "-c",
                "rm -rf '" + files + "' && scripts/kis-package --out '" + files + "' && cp ops/install.sh '" + files
                        + "' && cd '" + files + "' && sha256sum *.tar.gz *.deb >SHA256SUMS");
        assertThat(made.code()).as(made.output()).isZero();
    }

    Path archive() throws IOException {
        return only("kis-gateway-*.tar.gz");
    }

    Path debianPackage() throws IOException {
        return only("*.deb");
    }

    private Path only(String pattern) throws IOException {
        try (var found = Files.newDirectoryStream(files, pattern)) {
            return found.iterator().next();
        }
    }

    /** A folder of links to those tools, so that a path has no Java. */
    static Path toolsIn(Path folder) throws IOException {
        var links = Files.createDirectories(folder.resolve("tools"));
        for (var tool : TOOLS) {
            var place = Stream.of("/usr/bin", "/bin")
                    .map(in -> Path.of(in, tool))
                    .filter(Files::exists)
                    .findFirst();
            if (place.isPresent()) {
                Files.createSymbolicLink(links.resolve(tool), place.get());
            }
        }
        return links;
    }

    /** Runs install.sh from a folder of files for a user with this home. */
    static Run install(Path from, Path tools, Path home, String... options) throws Exception {
        Files.createDirectories(home);
        return run(
                from,
                Duration.ofMinutes(2),
                Map.of("PATH", tools.toString(), "HOME", home.toString()),
                Stream.concat(Stream.of("sh", "install.sh"), Arrays.stream(options))
                        .toArray(String[]::new));
    }

    static Process start(Path in, Map<String, String> variables, Path output, String... command) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(variables);
        builder.environment().put("LANG", "C.UTF-8");
        return builder.start();
    }

    static Run run(Path in, Duration limit, Map<String, String> variables, String... command) throws Exception {
        var output = Files.createTempFile("output", ".txt");
        try {
            var process = start(in, variables, output, command);
            process.getOutputStream().close();
            assertThat(process.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
                    .as(String.join(" ", command))
                    .isTrue();
            return new Run(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
