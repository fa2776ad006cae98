package kr.kisgateway.gateway.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.job.JobKind.Outcome;
import kr.kisgateway.gateway.job.JobKind.Run;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("P-11")
class WarmupJobTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> tenants = new ArrayList<>();
    private Optional<Refusal> refusal = Optional.empty();
    private int recoversAfter = Integer.MAX_VALUE;
    private boolean stopped;

    private final WarmupJob warmupJob = new WarmupJob(
            Map.of(WarmupType.PRICE, (instrument, tenant, timeout) -> {
                tenants.add(tenant);
                return tenants.size() > recoversAfter ? Optional.empty() : refusal;
            }),
            Lookups.shipped());

    @Test
    void cached_data_counts_as_done_and_calls_are_charged_to_an_own_tenant() {
        assertThat(warmupJob.run(run(), "005930/price")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(tenants).containsExactly("job:me");
    }

    @Test
    void a_temporary_failure_is_retried_after_a_pause() {
        refusal = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        recoversAfter = 2;
        assertThat(warmupJob.run(run(), "005930/price")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void a_permanent_failure_fails_the_unit_with_its_code() {
        refusal = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        assertThat(warmupJob.run(run(), "005930/price")).isEqualTo(new Outcome.Failed("UPSTREAM_TIMEOUT", "late"));
        assertThat(tenants).hasSize(6);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .as("longer than a breaker is open")
                .isGreaterThan(Duration.ofSeconds(30));

        tenants.clear();
        refusal = Optional.of(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "unknown"));
        assertThat(warmupJob.run(run(), "005930/price")).isEqualTo(new Outcome.Failed("SYMBOL_NOT_FOUND", "unknown"));
        assertThat(tenants).hasSize(1);
    }

    @Test
    void a_delisted_symbol_fails_and_a_stopped_job_makes_no_call() {
        assertThat(warmupJob.run(run(), "ZZZZZZ/price"))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("SYMBOL_NOT_FOUND"));
        stopped = true;
        assertThat(warmupJob.run(run(), "005930/price")).isEqualTo(new Outcome.Stopped());
        assertThat(tenants).isEmpty();
    }

    private Run run() {
        return new Run() {
            @Override
            public String id() {
                return "job-1";
            }

            @Override
            public String request() {
                return "{}";
            }

            @Override
            public String tenant() {
                return "me";
            }

            @Override
            public boolean isStopped() {
                return stopped;
            }

            @Override
            public void pause(Duration time) {
                pauses.add(time);
            }
        };
    }
}
