package kr.kisgateway.gateway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private static Finding found(DoctorItem item) {
        return Finding.ok(item, "measured", "측정");
    }

    @Test
    void a_check_that_hangs_or_breaks_is_a_failure_and_delays_no_other() {
        var never = new CountDownLatch(1);
        var reported = new ArrayList<Finding>();
        var findings = Doctor.run(
                List.of(
                        new Doctor.Step(DoctorItem.DNS, () -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return found(DoctorItem.DNS);
                        }),
                        new Doctor.Step(DoctorItem.DISK, () -> found(DoctorItem.DISK)),
                        new Doctor.Step(DoctorItem.KEYS, () -> {
                            throw new IllegalStateException("the app key is 12345678");
                        })),
                Duration.ofMillis(300),
                reported::add);
        never.countDown();
        assertThat(findings).isEqualTo(reported);
        assertThat(findings)
                .extracting(Finding::verdict)
                .containsExactly(Finding.Verdict.FAIL, Finding.Verdict.OK, Finding.Verdict.FAIL);
        assertThat(findings.getFirst().measured().english()).contains("no result within");
        assertThat(findings.getLast().toString())
                .contains("IllegalStateException")
                .doesNotContain("12345678");
    }
}
