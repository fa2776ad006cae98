package kr.kisgateway.gateway.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.job.JobKind.Outcome;
import kr.kisgateway.gateway.job.JobKind.Run;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("P-11")
class WarmingTest {
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> tenants = new ArrayList<>();
    private Optional<Refusal> refusal = Optional.empty();
    private int recoversAfter = Integer.MAX_VALUE;
    private boolean stopped;

    private final Warming warming = new Warming(
            Map.of(WarmType.PRICE, (instrument, tenant, patience) -> {
                tenants.add(tenant);
                return tenants.size() > recoversAfter ? Optional.empty() : refusal;
            }),
            Lookups.shipped());

    @Test
    void what_is_at_hand_is_done_and_paid_by_a_tenant_of_its_own() {
        assertThat(warming.run(run(), "005930/price")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(tenants).containsExactly("job:me");
    }

    @Test
    void trouble_that_passes_is_tried_again_after_a_pause() {
        refusal = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        recoversAfter = 2;
        assertThat(warming.run(run(), "005930/price")).isEqualTo(new Outcome.Done(Optional.empty()));
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void trouble_that_stays_fails_the_unit_with_its_code() {
        refusal = Optional.of(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        assertThat(warming.run(run(), "005930/price")).isEqualTo(new Outcome.Failed("UPSTREAM_TIMEOUT", "late"));
        assertThat(tenants).hasSize(6);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .as("longer than a breaker is open")
                .isGreaterThan(Duration.ofSeconds(30));

        tenants.clear();
        refusal = Optional.of(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "unknown"));
        assertThat(warming.run(run(), "005930/price")).isEqualTo(new Outcome.Failed("SYMBOL_NOT_FOUND", "unknown"));
        assertThat(tenants).hasSize(1);
    }

    @Test
    void what_is_no_longer_listed_fails_and_a_stopped_job_asks_nobody() {
        assertThat(warming.run(run(), "ZZZZZZ/price"))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("SYMBOL_NOT_FOUND"));
        stopped = true;
        assertThat(warming.run(run(), "005930/price")).isEqualTo(new Outcome.Stopped());
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
            public boolean stopped() {
                return stopped;
            }

            @Override
            public void pause(Duration time) {
                pauses.add(time);
            }
        };
    }
}
