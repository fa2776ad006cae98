package kr.kisgateway.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.job.JobStore.JobsUnavailableException;
import kr.kisgateway.gateway.job.JobStore.UnitState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stored jobs do, wherever they are. */
abstract class JobStoreContract {
    static final Instant AT = Instant.parse("2026-11-20T01:00:00.123Z");

    @TempDir
    Path folder;

    /** Opens the stored jobs, as a start of the gateway does. */
    abstract JobStore openStore();

    /** Replaces the table of jobs by a view that never ends. */
    abstract void makeQueriesEndless();

    /** Ends {@link #makeQueriesEndless}. */
    abstract void makeQueriesEnd();

    static Job job(String id, int units) {
        return new Job(
                id,
                "work",
                "{\"symbols\":1}",
                "tenant",
                Job.State.RUNNING,
                AT,
                Optional.empty(),
                "",
                units,
                0,
                0,
                List.of(),
                0,
                List.of());
    }

    static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "u" + i).toList();
    }

    @Test
    void a_job_is_read_as_it_was_stored() {
        try (var store = openStore()) {
            store.create(job("j", 4), List.of("a/x", "b/x", "a/y", "b/y"));
            store.recordRan("j", 0, AT, AT.plusMillis(5), Optional.of("run"));
            store.recordRan("j", 1, AT.plusMillis(2), AT.plusMillis(9), Optional.empty());
            store.recordFailed("j", 2, AT, AT.plusMillis(7), "CODE", "nul \0 and 가");
        }
        try (var store = openStore()) {
            var units = store.units("j");
            assertThat(units)
                    .extracting(JobStore.Unit::state)
                    .containsExactly(UnitState.RAN, UnitState.RAN, UnitState.FAILED, UnitState.PENDING);
            store.recordSettled("j", units.subList(0, 2), Map.of("a/x", "settled", "b/x", "settled"));
            store.recordSettled("j", units.subList(0, 1), Map.of());
            assertThat(store.settledUnit("j")).contains("a/x");
            var job = store.find("j").orElseThrow();
            assertThat(job.total()).isEqualTo(4);
            assertThat(job.done()).isEqualTo(2);
            assertThat(job.failed()).isEqualTo(1);
            assertThat(job.noteCount()).isEqualTo(2);
            assertThat(job.failures()).containsExactly(new Job.Failure("a/y", "CODE", "nul \uFFFD and 가"));
            assertThat(job.notes())
                    .containsExactly(new Job.Note("a/x", "run; settled"), new Job.Note("b/x", "settled"));
            assertThat(store.parts("j"))
                    .containsExactly(
                            new JobStore.Part("x", 2, 2, 0, Duration.ofMillis(9)),
                            new JobStore.Part("y", 2, 0, 1, Duration.ofMillis(7)));
            assertThat(store.findRunning()).extracting(Job::id).containsExactly("j");
            store.recordEnded("j", Job.State.FAILED, AT.plusSeconds(1), "no room");
            assertThat(store.findRunning()).isEmpty();
            var ended = store.find("j").orElseThrow();
            assertThat(ended.endedAt()).contains(AT.plusSeconds(1));
            assertThat(ended.message()).isEqualTo("no room");
            assertThat(ended.createdAt()).isEqualTo(AT);
            assertThat(ended.request()).isEqualTo("{\"symbols\":1}");
        }
    }

    @Test
    void a_job_of_many_units_has_all_of_them_in_their_order() {
        try (var store = openStore()) {
            store.create(job("j", 2_501), names(2_501));
            store.create(job("empty", 0), List.of());
            assertThat(store.units("j")).extracting(JobStore.Unit::name).isEqualTo(names(2_501));
            assertThat(store.units("empty")).isEmpty();
        }
    }

    @Test
    void the_newest_ended_jobs_are_retained_and_all_running_ones() {
        try (var store = openStore()) {
            store.create(job("running", 1), List.of("u"));
            for (int i = 0; i < JobStore.ENDED_JOBS_MAX + 3; i++) {
                store.create(job("j" + i, 1), List.of("u"));
                store.recordEnded("j" + i, Job.State.DONE, AT, "");
            }
            store.create(job("last", 1), List.of("u"));
            var listed = store.list(Optional.empty(), 200);
            assertThat(listed).hasSize(JobStore.ENDED_JOBS_MAX + 2);
            assertThat(listed.getFirst().id()).isEqualTo("last");
            assertThat(listed.getLast().id()).isEqualTo("running");
            assertThat(store.find("j2")).isEmpty();
            assertThat(store.units("j2")).isEmpty();
            assertThat(store.find("j3")).isPresent();
            assertThat(store.list(Optional.of("j5"), 2)).extracting(Job::id).containsExactly("j4", "j3");
        }
    }

    @Test
    void a_change_that_fails_in_the_middle_changes_nothing_and_the_next_is_made() {
        var defect = new AbstractList<String>() {
            @Override
            public String get(int index) {
                throw new IllegalArgumentException("a defect");
            }

            @Override
            public int size() {
                return 2;
            }
        };
        try (var store = openStore()) {
            assertThatThrownBy(() -> store.create(job("j", 2), defect)).hasRootCauseMessage("a defect");
            store.create(job("other", 2), names(2));
            assertThatThrownBy(() -> store.create(job("other", 1), names(1))).isInstanceOf(IllegalStateException.class);
            assertThat(store.list(Optional.empty(), 10)).extracting(Job::id).containsExactly("other");
            assertThat(store.units("other")).hasSize(2);
        }
    }

    @Test
    void a_query_that_does_not_end_is_cancelled_and_the_next_is_answered() {
        try (var store = openStore()) {
            store.create(job("j", 1), List.of("u"));
            makeQueriesEndless();
            assertThatThrownBy(() -> store.find("j")).isInstanceOf(JobsUnavailableException.class);
            makeQueriesEnd();
            assertThat(store.find("j")).isPresent();
            store.recordRan("j", 0, AT, AT, Optional.empty());
            assertThat(store.find("j").orElseThrow().done()).isEqualTo(1);
        }
    }
}
