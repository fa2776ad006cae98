package kr.kisgateway.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How to start one of the programs as a process of its own: the same command line that {@code ./kis} builds, from the
 * same {@code jvm.flags}.
 *
 * @param home the project's folder after a build, or a folder with {@code lib/} and {@code jvm.flags}
 * @param section the program's section of {@code jvm.flags}
 * @param mainClass the class to start
 * @param workingDirectory where the process runs; never the project itself by default, because its {@code .env} may
 *     name a real account
 * @param arguments the program's arguments
 * @param environment variables added to the inherited ones, from which every setting of the gateway is removed first
 * @param jvmFlags flags after those of the file, which they override
 */
public record Launch(
        Path home,
        String section,
        String mainClass,
        Path workingDirectory,
        List<String> arguments,
        Map<String, String> environment,
        List<String> jvmFlags) {

    /** Sections whose class cache {@code ./kis} maintains for a quick start. */
    private static final List<String> AOT_SECTIONS = List.of("gateway", "simulator");

    private static final List<String> SETTINGS = List.of(
            "KIS_",
            "GATEWAY_",
            "SIMULATOR_",
            "RISK_",
            "ORDER_WORKER_",
            "MCP_",
            "DATA_SOURCE_TYPE",
            "KRX_",
            "REDIS_URL",
            "DATABASE_URL");

    /** Section of the flags of the commands, and their module. */
    private static final String COMMANDS = "cli";

    public Launch {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        jvmFlags = List.copyOf(jvmFlags);
    }

    /** The gateway of {@code home}. */
    public static Launch gateway(Path home, Path workingDirectory) {
        return of(home, "gateway", "kr.kisgateway.gateway.Main", workingDirectory)
                .withArguments("run");
    }

    /** The simulator of {@code home}, as a process of its own. */
    public static Launch simulator(Path home, Path workingDirectory) {
        return of(home, "simulator", "kr.kisgateway.simulator.SimulatorMain", workingDirectory);
    }

    /** The commands for a running gateway of {@code home}. */
    public static Launch commands(Path home, Path workingDirectory) {
        return of(home, COMMANDS, "kr.kisgateway.cli.Main", workingDirectory);
    }

    /** Any main class of {@code home}. */
    public static Launch of(Path home, String section, String mainClass, Path workingDirectory) {
        return new Launch(home, section, mainClass, workingDirectory, List.of(), Map.of(), List.of());
    }

    /** The project's folder: the system property {@code kis.home}, else the nearest folder above with {@code jvm.flags}. */
    public static Path projectHome() {
        var configured = System.getProperty("kis.home");
        if (configured != null) return Path.of(configured);
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("jvm.flags"))) return folder;
        }
        throw new ProgramException("No folder with jvm.flags above "
                + Path.of("").toAbsolutePath() + "; name the project's folder by -Dkis.home");
    }

    /** The same launch with further arguments. */
    public Launch withArguments(String... more) {
        var all = Stream.concat(arguments.stream(), Stream.of(more)).toList();
        return new Launch(home, section, mainClass, workingDirectory, all, environment, jvmFlags);
    }

    /** The same launch with one more variable. */
    public Launch withEnvironment(String name, String value) {
        var all = new TreeMap<>(environment);
        all.put(name, value);
        return new Launch(home, section, mainClass, workingDirectory, arguments, all, jvmFlags);
    }

    /** The same launch with further JVM flags. */
    public Launch withJvmFlags(String... more) {
        var all = Stream.concat(jvmFlags.stream(), Stream.of(more)).toList();
        return new Launch(home, section, mainClass, workingDirectory, arguments, environment, all);
    }

    /** The complete command line. */
    public List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var cache = home.resolve(section + ".aot");
        if (AOT_SECTIONS.contains(section) && Files.isRegularFile(cache)) {
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        command.addAll(flags(home.resolve("jvm.flags"), section));
        command.addAll(jvmFlags);
        // As the launcher: the jars of an installed program have no native libraries, they are beside its folder.
        var libraries = home.resolveSibling("native");
        if (Files.isDirectory(home.resolve("lib")) && Files.isDirectory(libraries)) {
            command.addAll(List.of("-Dorg.sqlite.lib.path=" + libraries, "-Djava.library.path=" + libraries));
        }
        command.addAll(List.of("-cp", classPath(), mainClass));
        command.addAll(arguments);
        return List.copyOf(command);
    }

    /** Its process, not started; without the settings that this program has inherited. */
    public ProcessBuilder processBuilder() {
        var builder = new ProcessBuilder(command()).directory(workingDirectory.toFile());
        applyEnvironment(builder.environment());
        return builder;
    }

    /** Removes the gateway's settings from an inherited environment and adds this launch's. */
    void applyEnvironment(Map<String, String> inherited) {
        inherited.keySet().removeIf(name -> SETTINGS.stream().anyMatch(name::startsWith));
        inherited.putAll(environment);
    }

    /** The flags of [all] and of one section, in the file's order. */
    static List<String> flags(Path file, String section) {
        var inSection = false;
        var flags = new ArrayList<String>();
        for (var raw : lines(file)) {
            var line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) continue;
            if (line.startsWith("[") && line.endsWith("]")) {
                inSection = line.equals("[all]") || line.equals("[" + section + "]");
            } else if (inSection) {
                flags.add(line);
            }
        }
        return flags;
    }

    private String classPath() {
        var target =
                home.resolve(section.equals(COMMANDS) ? COMMANDS : "gateway").resolve("target");
        var jars = Files.isDirectory(home.resolve("lib"))
                ? jars(home.resolve("lib"))
                : Stream.concat(jars(target).stream(), jars(target.resolve("lib")).stream())
                        .toList();
        if (jars.isEmpty())
            throw new ProgramException("Nothing to start in " + home + ": build it first (./kis build)");
        return jars.stream().map(Path::toString).collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new ProgramException("No JVM flags to start with: " + e, e);
        }
    }
}
