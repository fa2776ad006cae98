package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A backfill that is killed at random moments and restarted ends in the same files as an undisturbed one. The broker is a
 * process of its own and keeps running.
 */
@Tag("slow")
class BackfillTest {
    private static final Duration JOB_TIMEOUT = Duration.ofSeconds(120);
    private static final List<String> SYMBOLS =
            List.of("005930", "000660", "035420", "051910", "006400", "068270", "105560", "055550", "012330", "028260");

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "P-13", clause = "resumable")
    void a_backfill_killed_at_random_moments_produces_the_same_files_as_an_uninterrupted_one() throws Exception {
        runKillRounds(2, 3, 5);
    }

    @Test
    @Tag("long")
    @Requirement("P-13")
    void a_long_backfill_killed_many_times_produces_the_same_files_as_an_uninterrupted_one() throws Exception {
        runKillRounds(20, SYMBOLS.size(), 20);
    }

    private void runKillRounds(int kills, int symbols, int years) throws Exception {
        long seed = Long.getLong("kis.kill.seed", System.nanoTime());
        System.out.println("backfill kills: seed " + seed);
        var random = new Random(seed);
        var to = LocalDate.now(ZoneId.of("Asia/Seoul")).minusDays(3);
        var request = "{\"symbols\":["
                + SYMBOLS.stream().limit(symbols).map(code -> '"' + code + '"').collect(Collectors.joining(","))
                + "],\"period\":\"D\",\"from\":\"" + to.minusYears(years) + "\",\"to\":\"" + to + "\"}";
        try (var simulator = Programs.simulator(folder, "--rate", "2000", "--ticks", "0.1", "--seed", "7")) {
            var uninterrupted = launch("calm", simulator);
            try (var gateway = Running.startUnready(uninterrupted)) {
                var job = awaitJobEnd(gateway, startBackfill(gateway, request));
                assertThat(job.path("done").asInt()).as(job.toString()).isEqualTo(symbols);
            }
            var interrupted = launch("stormy", simulator);
            String id;
            int killsDuringJob = 0;
            try (var gateway = Running.startUnready(interrupted)) {
                id = startBackfill(gateway, request);
                killsDuringJob += killDuringBackfill(gateway, id, random);
            }
            for (int kill = 1; kill < kills; kill++) {
                try (var gateway = Running.startUnready(interrupted)) {
                    killsDuringJob += killDuringBackfill(gateway, id, random);
                }
            }
            try (var gateway = Running.startUnready(interrupted)) {
                var job = awaitJobEnd(gateway, id);
                assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("DONE");
                assertThat(job.path("done").asInt()).as(job.toString()).isEqualTo(symbols);
                assertThat(gateway.get("/v1/jobs").path("jobs")).hasSize(1);
            }
            assertThat(killsDuringJob)
                    .as("kills while the job ran, seed " + seed)
                    .isPositive();
            var expected = files(folder.resolve("calm"));
            assertThat(expected.keySet()).hasSize(years + 2);
            assertThat(files(folder.resolve("stormy"))).as("seed " + seed).isEqualTo(expected);
            try (var work = Files.list(dataDir(folder.resolve("stormy")).resolve("history-work"))) {
                assertThat(work.filter(it -> it.getFileName().toString().startsWith("job-")))
                        .isEmpty();
            }
        }
    }

    /** Kills the gateway at a random moment: while it fetches, or after the fetch while the files are being written. */
    private static int killDuringBackfill(Running gateway, String id, Random random) {
        int total = gateway.get("/v1/jobs/" + id).path("total").asInt();
        int until = random.nextInt(total + 1);
        var job = Eventually.await(
                "the job to be done with " + until,
                JOB_TIMEOUT,
                () -> gateway.get("/v1/jobs/" + id),
                it -> it.path("done").asInt() >= until
                        || !it.path("state").asString().equals("RUNNING"));
        java.util.concurrent.locks.LockSupport.parkNanos(random.nextInt(200_000_000));
        gateway.program().kill();
        return job.path("state").asString().equals("RUNNING") ? 1 : 0;
    }

    private Launch launch(String name, Simulator simulator) throws IOException {
        return Programs.gateway(Files.createDirectories(folder.resolve(name)), simulator)
                .withEnvironment("KIS_ENV", "sim")
                .withEnvironment("SIMULATOR_RATE_LIMIT", "150");
    }

    static String startBackfill(Running gateway, String request) {
        Answer answer = gateway.client().post("/v1/history/backfill", request);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        return answer.body().path("id").asString();
    }

    static JsonNode awaitJobEnd(Running gateway, String id) {
        return Eventually.await(
                "the job to end",
                JOB_TIMEOUT,
                () -> gateway.get("/v1/jobs/" + id),
                job -> !job.path("state").asString().equals("RUNNING"));
    }

    private static Path dataDir(Path home) throws IOException {
        try (var found = Files.find(home, 4, (path, _) -> path.endsWith("jobs.db"))) {
            return found.findFirst().orElseThrow().getParent();
        }
    }

    private static Map<String, Integer> files(Path home) throws IOException {
        return hashes(dataDir(home).resolve("history"));
    }

    /** The hash of each file below {@code root}. */
    static Map<String, Integer> hashes(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            file -> root.relativize(file).toString(),
                            BackfillTest::hash,
                            (one, _) -> one,
                            TreeMap::new));
        }
    }

    private static int hash(Path file) {
        try {
            return Arrays.hashCode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
