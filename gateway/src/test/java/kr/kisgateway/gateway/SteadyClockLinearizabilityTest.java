package kr.kisgateway.gateway;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.gateway.Interleavings.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that read the time while the machine's clock is set. */
@Tag("slow")
class SteadyClockLinearizabilityTest {
    private static void readWhileTheClockIsSet() {
        var wallMillis = new AtomicLong(1_000);
        var clock = new SteadyClock(() -> Instant.ofEpochMilli(wallMillis.get()), () -> 0);
        var latestMillis = new AtomicLong();
        var wentBack = new AtomicBoolean();
        Runnable reading = () -> {
            long before = latestMillis.get();
            long now = clock.instant().toEpochMilli();
            if (now < before) {
                wentBack.set(true);
            }
            latestMillis.accumulateAndGet(now, Math::max);
        };
        Thread other = Thread.ofPlatform().start(() -> {
            reading.run();
            reading.run();
        });
        reading.run();
        wallMillis.set(2_000);
        reading.run();
        wallMillis.set(500);
        reading.run();
        Interleavings.join(other);
        if (wentBack.get()) {
            throw new AssertionError("a reading is earlier than one that ended before it began");
        }
    }

    @Test
    void no_reading_is_earlier_than_one_that_ended_before_it_began() {
        Interleavings.checkAlways(SteadyClockLinearizabilityTest::readWhileTheClockIsSet, Effort.REGULAR);
    }

    @Test
    @Tag("long")
    void no_reading_is_earlier_than_one_that_ended_before_it_began_in_many_interleavings() {
        Interleavings.checkAlways(SteadyClockLinearizabilityTest::readWhileTheClockIsSet, Effort.LONG);
    }
}
