package kr.kisgateway.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What jobs do, wherever they are stored. */
abstract class JobRunnerContract {
    @TempDir
    Path folder;

    private final AtomicInteger ids = new AtomicInteger();

    /** Opens the stored jobs, as a start of the gateway does. */
    abstract JobStore openStore();

    @Test
    @Requirement("P-13")
    void a_job_runs_its_units_and_reports_failures_and_notes() throws Exception {
        var kind = new Work();
        try (var store = openStore();
                var desk = desk(store, kind)) {
            var id = started(desk, List.of("a", "bad", "noted", "d"));
            await(() -> state(desk, id) == Job.State.DONE);

            var job = desk.find(id).orElseThrow().job();
            assertThat(job.done()).isEqualTo(3);
            assertThat(job.failed()).isEqualTo(1);
            assertThat(job.failures()).containsExactly(new Job.Failure("bad", "UPSTREAM_TIMEOUT", "late"));
            assertThat(job.notes()).containsExactly(new Job.Note("noted", "look here"));
            assertThat(job.endedAt()).isPresent();
            assertThat(kind.settled).containsExactlyInAnyOrder("a", "noted", "d");
            assertThat(kind.ended).containsExactly(id);
        }
    }

    @Test
    @Requirement("P-11")
    void parts_of_a_job_have_own_figures_that_survive_a_restart() throws Exception {
        var kind = new Work();
        kind.parts = true;
        String id;
        try (var store = openStore();
                var desk = desk(store, kind)) {
            id = started(desk, List.of("a/price", "bad/price", "a/chart", "b/chart"));
            await(() -> state(desk, id) == Job.State.DONE);
        }
        try (var store = openStore();
                var desk = desk(store, kind)) {
            var parts = desk.find(id).orElseThrow().parts();
            assertThat(parts).extracting(JobStore.Part::name).containsExactly("price", "chart");
            assertThat(parts).extracting(JobStore.Part::units).containsExactly(2, 2);
            assertThat(parts).extracting(JobStore.Part::done).containsExactly(1, 2);
            assertThat(parts).extracting(JobStore.Part::failed).containsExactly(1, 0);
            assertThat(parts)
                    .allSatisfy(part ->
                            assertThat(part.duration()).isBetween(Duration.ofMillis(4), Duration.ofSeconds(20)));
            kind.parts = false;
            assertThat(desk.find(id).orElseThrow().parts()).isEmpty();
        }
    }

    @Test
    @Requirement("P-13")
    void after_a_stop_only_the_remaining_units_run() throws Exception {
        var first = new Work();
        first.gate = new CountDownLatch(1);
        String id;
        try (var store = openStore();
                var desk = desk(store, first)) {
            id = started(desk, IntStream.range(0, 20).mapToObj(i -> "u" + i).toList());
            await(() -> first.waiting.get() == 2);
            first.gate.countDown();
            await(() -> first.ran.size() >= 2);
        }
        assertThat(first.ran.size()).isLessThan(20);

        var second = new Work();
        try (var store = openStore();
                var desk = desk(store, second)) {
            desk.start();
            await(() -> state(desk, id) == Job.State.DONE);
            assertThat(desk.find(id).orElseThrow().job().done()).isEqualTo(20);
        }
        var all = new ArrayList<>(first.ran);
        all.addAll(second.ran);
        assertThat(all).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    @Requirement("P-13")
    void a_cancelled_job_settles_its_completed_units_and_is_not_resumed() throws Exception {
        var kind = new Work();
        kind.gate = new CountDownLatch(1);
        try (var store = openStore();
                var desk = desk(store, kind)) {
            var id = started(desk, IntStream.range(0, 20).mapToObj(i -> "u" + i).toList());
            await(() -> kind.waiting.get() == 2);
            desk.cancel(id);
            kind.gate.countDown();
            await(() -> state(desk, id) == Job.State.CANCELED);
            assertThat(kind.settled).containsExactlyInAnyOrderElementsOf(kind.ran);
            assertThat(kind.ran).hasSizeLessThan(20);
            assertThat(desk.cancel(id).orElseThrow().job().state()).isEqualTo(Job.State.CANCELED);
            assertThat(store.findRunning()).isEmpty();
        }
    }

    @Test
    @Requirement("P-13")
    void a_job_that_cannot_continue_reports_why_and_too_many_jobs_are_refused() throws Exception {
        var kind = new Work();
        kind.broken = true;
        try (var store = openStore();
                var desk = desk(store, kind)) {
            var id = started(desk, List.of("a"));
            await(() -> state(desk, id) == Job.State.FAILED);
            assertThat(desk.find(id).orElseThrow().job().message()).contains("no room");

            kind.broken = false;
            kind.gate = new CountDownLatch(1);
            for (int i = 0; i < JobRunner.RUNNING_MAX; i++) {
                started(desk, List.of("x"));
            }
            assertThat(desk.begin("work", "{}", List.of("x"), "t"))
                    .isInstanceOfSatisfying(
                            Result.Refused.class,
                            no -> assertThat(no.refusal().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED));
            kind.gate.countDown();
            await(() -> desk.running() == 0);
            assertThat(desk.list(Optional.empty(), 3)).hasSize(3);
            assertThat(desk.list(Optional.of(id), 3)).isEmpty();
        }
    }

    @Test
    @Requirement("A-15")
    void a_key_for_some_symbols_reads_failures_and_notes_of_those_only() throws Exception {
        var caller = new Caller("bot", Role.OPERATOR, Optional.empty(), Optional.of(Set.of("005930")));
        var units = List.of(
                "005930/bad",
                "000660/bad",
                "000660",
                "005930/noted",
                "000660/noted",
                "2024-01-05/KOSPI-bad",
                "2024-01-05/KOSPI-noted");
        try (var store = openStore();
                var desk = desk(store, new Work());
                var edge = HttpEdge.start(
                        EdgeSettings.defaults("127.0.0.1", 0),
                        routes(desk),
                        (_, _) -> caller,
                        new TraceIds(1),
                        new ThreadTaskRunner())) {
            var id = desk.begin("work", "{}", units, caller.name())
                    .orElseThrow()
                    .job()
                    .id();
            await(() -> state(desk, id) == Job.State.DONE);

            var listed = requestJson(edge, "GET", "/v1/jobs").path("jobs").path(0);
            assertThat(listed.path("failures_more").asInt(-1)).isEqualTo(3);
            assertThat(listed.path("notes_more").asInt(-1)).isEqualTo(3);
            assertThat(listed.toString()).doesNotContain("000660", "005930");
            for (var shown : List.of(
                    requestJson(edge, "GET", "/v1/jobs/" + id), requestJson(edge, "DELETE", "/v1/jobs/" + id))) {
                assertThat(shown.path("failures").findValuesAsString("unit"))
                        .containsExactly("005930/bad", "2024-01-05/KOSPI-bad");
                assertThat(shown.path("failures_more").asInt(-1)).isEqualTo(1);
                assertThat(shown.path("notes").findValuesAsString("unit")).containsExactly("005930/noted");
                assertThat(shown.path("notes_more").asInt(-1)).isEqualTo(2);
                assertThat(shown.toString()).doesNotContain("000660");
            }
        }
    }

    @Test
    @Requirement("P-13")
    void a_start_does_not_wait_for_jobs_beyond_the_limit_and_they_run_later() throws Exception {
        var kind = new Work();
        kind.gate = new CountDownLatch(1);
        var made = new ArrayList<String>();
        try (var store = openStore()) {
            for (int i = 0; i < JobRunner.RUNNING_MAX + 3; i++) {
                made.add("old-" + i);
                store.create(open(made.getLast()), List.of("a"));
            }
        }
        try (var store = openStore();
                var desk = desk(store, kind)) {
            CompletableFuture.runAsync(desk::start).get(10, TimeUnit.SECONDS);
            await(() -> kind.waiting.get() == JobRunner.RUNNING_MAX);
            assertThat(desk.running()).isEqualTo(JobRunner.RUNNING_MAX);
            assertThat(state(desk, made.getLast())).isEqualTo(Job.State.RUNNING);
            assertThat(desk.begin("work", "{}", List.of("x"), "t")).isInstanceOf(Result.Refused.class);
            assertThat(desk.cancel(made.getLast()).orElseThrow().job().state()).isEqualTo(Job.State.CANCELED);

            kind.gate.countDown();
            for (var id : made.subList(0, made.size() - 1)) {
                await(() -> state(desk, id) == Job.State.DONE);
            }
            assertThat(kind.ran).hasSize(JobRunner.RUNNING_MAX + 2);
            await(() -> desk.running() == 0);
            started(desk, List.of("x"));
        }
    }

    @Test
    @Requirement("P-13")
    void too_many_concurrent_queries_are_refused_and_jobs_continue() throws Exception {
        var kind = new Work();
        var over = new AtomicBoolean();
        try (var store = openStore();
                var desk = desk(store, kind);
                var edge = HttpEdge.start(
                        EdgeSettings.defaults("127.0.0.1", 0),
                        routes(desk),
                        (_, _) -> Caller.local(Role.ADMIN),
                        new TraceIds(1),
                        new ThreadTaskRunner());
                var crowd = Executors.newVirtualThreadPerTaskExecutor();
                AutoCloseable _ = () -> over.set(true)) {
            var first = started(
                    desk, IntStream.range(0, 500).mapToObj(i -> "bad" + i).toList());
            await(() -> state(desk, first) == Job.State.DONE);
            for (int i = 0; i < 4 * JobStore.QUEUED_READS_MAX; i++) {
                crowd.execute(() -> {
                    while (!over.get()) {
                        try {
                            desk.find(first);
                        } catch (RefusedException e) {
                            assertThat(e.refusal().code()).isEqualTo(ErrorCode.JOBS_UNAVAILABLE);
                            Thread.yield();
                        }
                    }
                });
            }
            var refused = new AtomicReference<JsonNode>();
            await(() -> {
                var answer = requestJson(edge, "GET", "/v1/jobs/" + first);
                refused.set(answer);
                return answer.has("code");
            });
            assertThat(refused.get().path("code").asString(""))
                    .as(refused.get().toString())
                    .isEqualTo("JOBS_UNAVAILABLE");
            // A job commits each of its units meanwhile.
            var second = desk.begin("work", "{}", List.of("a", "b"), "t")
                    .orElseThrow()
                    .job()
                    .id();
            await(() -> kind.ended.contains(second));
        }
    }

    static Job open(String id) {
        return new Job(
                id,
                "work",
                "{}",
                "t",
                Job.State.RUNNING,
                Instant.EPOCH,
                Optional.empty(),
                "",
                1,
                0,
                0,
                List.of(),
                0,
                List.of());
    }

    static RouteTable routes(JobRunner desk) {
        var table = new RouteTable();
        new JobRoutes(desk).register(table);
        return table;
    }

    static JsonNode requestJson(HttpEdge edge, String method, String path) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                    .timeout(Duration.ofSeconds(30))
                    .method(method, BodyPublishers.noBody());
            return new JsonMapper()
                    .readTree(client.sendAsync(request.build(), BodyHandlers.ofString())
                            .join()
                            .body());
        }
    }

    @Test
    void a_cancel_between_the_record_of_a_job_and_its_start_stops_it() throws Exception {
        var kind = new Work();
        try (var store = openStore();
                var desk = desk(store, kind)) {
            var units = new AbstractList<String>() {
                @Override
                public String get(int index) {
                    desk.cancel("job-1"); // while its units are being committed
                    return "u" + index;
                }

                @Override
                public int size() {
                    return 2;
                }
            };
            String id = started(desk, units);
            assertThat(id).isEqualTo("job-1");
            await(() -> state(desk, id) != Job.State.RUNNING);
            assertThat(state(desk, id)).isEqualTo(Job.State.CANCELED);
            assertThat(kind.ran).isEmpty();
            await(() -> desk.running() == 0);
        }
    }

    @Test
    void a_cancel_during_the_resumption_of_an_earlier_job_stops_it() throws Exception {
        var kind = new Work();
        kind.gate = new CountDownLatch(1);
        try (var store = openStore()) {
            store.create(open("old"), List.of("a", "b", "c", "d", "e"));
        }
        var hook = new AtomicReference<Runnable>(() -> {});
        InstantSource clock = () -> {
            hook.getAndSet(() -> {}).run();
            return InstantSource.system().instant();
        };
        try (var store = openStore();
                var desk = new JobRunner(store, List.of(kind), () -> "job-1", clock)) {
            var cancel = Thread.ofPlatform().unstarted(() -> desk.cancel("old"));
            // The job is in no list at this moment: a cancel has to wait until it is listed.
            hook.set(() -> {
                cancel.start();
                while (cancel.getState() != Thread.State.WAITING && cancel.isAlive()) {
                    Thread.onSpinWait();
                }
            });
            desk.start();
            cancel.join(Duration.ofSeconds(20));
            kind.gate.countDown();
            await(() -> state(desk, "old") != Job.State.RUNNING);
            assertThat(state(desk, "old")).isEqualTo(Job.State.CANCELED);
            assertThat(kind.ran).hasSizeLessThan(5);
            await(() -> desk.running() == 0);
        }
    }

    @Test
    void a_job_that_writes_files_waits_while_the_disk_is_low_and_continues_with_room() throws Exception {
        var kind = new Work();
        kind.writes = true;
        kind.gate = new CountDownLatch(1);
        var room = new AtomicBoolean(true);
        var paused = new CopyOnWriteArrayList<String>();
        var over = new CopyOnWriteArrayList<String>();
        try (var store = openStore();
                var desk = new JobRunner(
                        store,
                        List.of(kind),
                        () -> "job-" + ids.incrementAndGet(),
                        new JobFileAccess(() -> noRoom(room.get()), (job, _) -> paused.add(job), over::add),
                        InstantSource.system())) {
            String id = started(desk, List.of("a", "b", "c", "d", "e"));
            await(() -> kind.waiting.get() == 2);
            room.set(false);
            kind.gate.countDown();
            await(() -> paused.contains(id));
            await(() -> kind.ran.size() == 2); // those in flight
            assertThat(kind.settled).isEmpty();
            assertThat(paused).containsExactly(id);
            var refused = desk.begin("work", "{}", List.of("x"), "t");
            assertThat(refused)
                    .isInstanceOfSatisfying(
                            Result.Refused.class,
                            no -> assertThat(no.refusal().code()).isEqualTo(ErrorCode.DISK_LOW));
            room.set(true);
            await(() -> state(desk, id) == Job.State.DONE);
            assertThat(kind.settled).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
            assertThat(over).containsExactly(id);
        }
    }

    @Test
    void a_job_that_waits_for_room_can_be_cancelled() throws Exception {
        var kind = new Work();
        kind.writes = true;
        var room = new AtomicBoolean(true);
        var paused = new CopyOnWriteArrayList<String>();
        var over = new CopyOnWriteArrayList<String>();
        try (var store = openStore();
                var desk = new JobRunner(
                        store,
                        List.of(kind),
                        () -> "job-" + ids.incrementAndGet(),
                        new JobFileAccess(() -> noRoom(room.getAndSet(false)), (job, _) -> paused.add(job), over::add),
                        InstantSource.system())) {
            String id = started(desk, List.of("a"));
            await(() -> paused.contains(id));
            desk.cancel(id);
            await(() -> state(desk, id) == Job.State.CANCELED);
            assertThat(kind.ran).isEmpty();
            await(() -> over.contains(id));
        }
    }

    private static Optional<Refusal> noRoom(boolean room) {
        return room ? Optional.empty() : Optional.of(Refusal.of(ErrorCode.DISK_LOW, "The disk is full."));
    }

    @Test
    void a_stop_interrupts_running_units_and_returns_when_none_runs() throws Exception {
        var kind = new Work();
        kind.gate = new CountDownLatch(1);
        try (var store = openStore()) {
            String id;
            try (var desk = new JobRunner(
                    store,
                    List.of(kind),
                    () -> "job-" + ids.incrementAndGet(),
                    JobFileAccess.unlimited(),
                    Duration.ofMillis(50),
                    InstantSource.system())) {
                id = started(desk, List.of("a", "b", "c"));
                await(() -> kind.waiting.get() == 2);
            }
            assertThat(kind.interrupted).hasValue(2);
            assertThat(kind.waiting).hasValue(2);
            assertThat(store.find(id).orElseThrow().state())
                    .isEqualTo(Job.State.RUNNING); // and continues at the next start
        }
    }

    JobRunner desk(JobStore store, JobKind kind) {
        return new JobRunner(store, List.of(kind), () -> "job-" + ids.incrementAndGet(), InstantSource.system());
    }

    static String started(JobRunner desk, List<String> units) {
        return desk.begin("work", "{}", units, "t").orElseThrow().job().id();
    }

    static Job.State state(JobRunner desk, String id) {
        return desk.find(id).orElseThrow().job().state();
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 2_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            assertThat(never.await(5, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    static final class Work implements JobKind {
        private final List<String> ran = new CopyOnWriteArrayList<>();
        private final List<String> settled = new CopyOnWriteArrayList<>();
        private final List<String> ended = new CopyOnWriteArrayList<>();
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger interrupted = new AtomicInteger();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile boolean broken;
        private volatile boolean parts;
        private volatile boolean writes;

        @Override
        public boolean needsDiskSpace() {
            return writes;
        }

        @Override
        public String name() {
            return "work";
        }

        @Override
        public boolean reportsParts() {
            return parts;
        }

        @Override
        public int concurrentUnits() {
            return 2;
        }

        @Override
        public int unitsPerSettlement() {
            return 3;
        }

        @Override
        public Outcome run(Run run, String unit) {
            waiting.incrementAndGet();
            try {
                assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                Thread.currentThread().interrupt();
            }
            run.pause(Duration.ofMillis(5));
            if (unit.startsWith("bad") || unit.endsWith("bad")) {
                return new Outcome.Failed("UPSTREAM_TIMEOUT", "late");
            }
            ran.add(unit);
            return new Outcome.Done(unit.endsWith("noted") ? Optional.of("look here") : Optional.empty());
        }

        @Override
        public Map<String, String> settle(Run run, List<String> units) {
            if (broken) {
                throw new IllegalStateException("no room");
            }
            settled.addAll(units);
            return Map.of();
        }

        @Override
        public void onEnded(Run run) {
            ended.add(run.id());
        }
    }
}
