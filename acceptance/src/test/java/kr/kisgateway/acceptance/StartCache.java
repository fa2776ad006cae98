package kr.kisgateway.acceptance;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;

/**
 * The AOT cache of the classes that a start loads, shared between starts as {@code ./kis run} does: these tests start some
 * hundred programs. Created once for a build; a JVM that it does not fit ignores it.
 */
final class StartCache {
    private static final Duration WRITING = Duration.ofMinutes(5);
    private static final Optional<Path> TARGET =
            Optional.of(Launch.projectHome().resolve("acceptance/target")).filter(Files::isDirectory);
    private static final Optional<Path> FILE = TARGET.flatMap(StartCache::made);

    private StartCache() {}

    /**
     * The same launch with the cache and with the quick compiler alone: most of these programs live for seconds, in which the
     * optimizing compiler takes half of a start's processor time.
     */
    static Launch with(Launch launch) {
        return asDelivered(launch).withJvmFlags("-XX:TieredStopAtLevel=1");
    }

    /** The same launch with the cache. */
    static Launch asDelivered(Launch launch) {
        return FILE.map(file -> withLibraries(file.getParent(), launch)
                        .withJvmFlags("-XX:AOTCache=" + file, "-Xlog:aot=off", "-Xlog:cds=off"))
                .orElse(launch);
    }

    /** The native libraries of the databases, unpacked beforehand as {@code ./kis run} does. */
    private static Launch withLibraries(Path target, Launch launch) {
        var libraries = target.resolve("native");
        return launch.withJvmFlags("-Dorg.sqlite.lib.path=" + libraries, "-Djava.library.path=" + libraries);
    }

    /** Parallel test processes create it once. Without it they start slower. */
    private static Optional<Path> made(Path target) {
        var file = target.resolve("start.aot");
        try (var channel = FileChannel.open(
                        target.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.exists(file) || Files.getLastModifiedTime(file).compareTo(built()) < 0) {
                make(target, file);
            }
            return Optional.of(file);
        } catch (IOException | AssertionError | IllegalStateException e) {
            System.err.println("the start cache of the tests was not made: " + e);
            return Optional.empty();
        }
    }

    /** The time of the newest of the programs' jars. */
    static FileTime built() throws IOException {
        var gateway = Launch.projectHome().resolve("gateway/target");
        try (Stream<Path> files = Stream.concat(Files.list(gateway), Files.list(gateway.resolve("lib")))) {
            FileTime youngest = FileTime.fromMillis(0);
            for (var jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                var made = Files.getLastModifiedTime(jar);
                youngest = made.compareTo(youngest) > 0 ? made : youngest;
            }
            return youngest;
        }
    }

    /** The driver's jar as it is delivered, beside the one without the library: the distribution is made of it. */
    private static void keepComplete() throws IOException {
        try (var jars =
                Files.newDirectoryStream(Launch.projectHome().resolve("gateway/target/lib"), "duckdb_jdbc-*.jar")) {
            for (var jar : jars) {
                var complete = jar.resolveSibling(jar.getFileName() + ".complete");
                if (!Files.exists(complete)) {
                    Files.copy(jar, complete);
                }
            }
        }
    }

    /** Starts a gateway with its simulator, trades once and stops it. */
    private static void make(Path target, Path file) throws IOException {
        var workFolder = Files.createTempDirectory(target, "start");
        var fresh = workFolder.resolve("start.aot");
        keepComplete();
        var unpack = Launch.of(Launch.projectHome(), "gateway", "kr.kisgateway.gateway.NativeLibraries", workFolder)
                .withArguments(
                        Launch.projectHome().resolve("gateway/target/lib").toString(),
                        target.resolve("native").toString());
        try (var unpacking = LocalProgram.startWithoutWaiting(unpack)) {
            if (unpacking.awaitExit(WRITING).orElse(1) != 0) {
                throw new IOException("the libraries were not unpacked: " + unpacking.output());
            }
        }
        var launch = withLibraries(target, Programs.coldGateway(workFolder))
                .withEnvironment("SIMULATOR_PORT", "0")
                .withEnvironment("KIS_ENV", "sim")
                .withJvmFlags("-XX:AOTCacheOutput=" + fresh, "-Xlog:aot=off", "-Xlog:cds=off");
        try (var program = LocalProgram.start(launch, Programs.START_TIMEOUT);
                var client = GatewayClient.onPort(program.gatewayPort())) {
            Eventually.await(
                    "the gateway to be ready", Programs.START_TIMEOUT, () -> client.get("/health/ready"), Answer::ok);
            Eventually.await("a quote", Programs.START_TIMEOUT, () -> client.get("/v1/quotes/035720"), Answer::ok);
            client.post("/v1/orders", Programs.order("005930", "BUY", 1, Optional.empty()), "first");
            client.get("/v1/orders");
            if (program.stop(WRITING).isEmpty()) {
                throw new IOException("the cache was not written in " + WRITING);
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var all = Files.walk(workFolder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
