package kr.kisgateway.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.Recorder;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private static final RealtimeKey TRADES = new RealtimeKey("H0STCNT0", "005930");
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final AtomicInteger dropping = new AtomicInteger();

    @Test
    void notifications_are_delivered_in_order_of_arrival() throws Exception {
        Mailbox mailbox = mailbox(100_000, new Recorder()).start();
        List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 9_000; i++) {
            int number = i;
            if (i % 3 == 0) {
                mailbox.urgent(_ -> delivered.add(number));
            } else {
                mailbox.data(_ -> delivered.add(number));
            }
        }
        finish(mailbox);
        assertThat(delivered).hasSize(9_000).isSorted();
        assertThat(mailbox.dropped()).isZero();
    }

    @Test
    void a_full_mailbox_drops_the_oldest_market_data_and_never_a_notice() throws Exception {
        Mailbox mailbox = mailbox(10, new Recorder());
        List<String> delivered = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            mailbox.data(_ -> delivered.add("tick" + number));
            if (i % 100 == 0) {
                mailbox.urgent(_ -> delivered.add("notice" + number));
            }
        }
        assertThat(mailbox.waiting()).isEqualTo(20);
        assertThat(mailbox.dropped()).isEqualTo(990);
        assertThat(dropping).hasValue(1);
        assertThat(mailbox.takeDropped()).isEqualTo(990);
        mailbox.data(_ -> delivered.add("tick1000"));
        assertThat(dropping).hasValue(2);
        mailbox.start();
        finish(mailbox);
        assertThat(delivered.stream().filter(text -> text.startsWith("notice"))).hasSize(10);
        assertThat(delivered.stream().filter(text -> text.startsWith("tick")))
                .containsExactly(
                        "tick991",
                        "tick992",
                        "tick993",
                        "tick994",
                        "tick995",
                        "tick996",
                        "tick997",
                        "tick998",
                        "tick999",
                        "tick1000");
    }

    @Test
    void a_listener_that_throws_receives_the_next_notification() throws Exception {
        Mailbox mailbox = mailbox(100, new Recorder()).start();
        AtomicInteger delivered = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            mailbox.data(_ -> {
                throw new IllegalStateException("a bug of the listener");
            });
            // As in Kotlin, which has no checked exceptions.
            mailbox.urgent(_ -> MailboxTest.<RuntimeException>throwAnything(new IOException("and another kind")));
            mailbox.urgent(_ -> {
                throw new AssertionError("and worse");
            });
            mailbox.data(_ -> delivered.incrementAndGet());
        }
        finish(mailbox);
        assertThat(delivered).hasValue(50);
        assertThat(mailbox.failed()).isEqualTo(150);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAnything(Throwable trouble) throws T {
        throw (T) trouble;
    }

    @Test
    void a_stalled_listener_receives_a_gap_of_all_keys_instead_of_losing_notices_silently() throws Exception {
        var recorder = new Recorder();
        Mailbox mailbox = mailbox(100, recorder);
        List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < Mailbox.NOTIFICATIONS_MAX + 5; i++) {
            int number = i;
            mailbox.urgent(_ -> delivered.add(number));
        }
        assertThat(mailbox.waiting()).isEqualTo(5);
        mailbox.start();
        recorder.await("the gap", () -> !recorder.gaps.isEmpty());
        finish(mailbox);
        assertThat(recorder.gaps).containsExactly(Set.of(TRADES));
        assertThat(recorder.names()).containsExactly("listener_reset");
        assertThat(delivered).containsExactly(10_000, 10_001, 10_002, 10_003, 10_004);
    }

    @Test
    void a_closed_mailbox_delivers_nothing_more() throws Exception {
        Mailbox mailbox = mailbox(10, new Recorder());
        AtomicInteger delivered = new AtomicInteger();
        mailbox.data(_ -> delivered.incrementAndGet());
        mailbox.close();
        mailbox.data(_ -> delivered.incrementAndGet());
        mailbox.urgent(_ -> delivered.incrementAndGet());
        assertThat(mailbox.waiting()).isZero();
        assertThat(mailbox.isFinished()).isTrue();
        mailbox.start();
        assertThat(delivered).hasValue(0);
    }

    /** 20,000 messages a second to a listener beside a blocked one. */
    @Test
    void a_stalled_listener_does_not_slow_down_another() throws Exception {
        var release = new CountDownLatch(1);
        var stalled = new CountDownLatch(1);
        Mailbox slow = mailbox(1_000, new Recorder()).start();
        slow.data(_ -> {
            stalled.countDown();
            try {
                release.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        stalled.await();
        Mailbox neighbour = mailbox(1_000, new Recorder()).start();
        int count = 20_000;
        long[] late = new long[count];
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = i;
            long due = start + i * 50_000L;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(20_000);
            }
            while (neighbour.waiting() > 500) {
                LockSupport.parkNanos(20_000); // the machine stalls, not the mailbox
            }
            long sent = System.nanoTime();
            slow.data(_ -> {});
            neighbour.data(_ -> late[number] = System.nanoTime() - sent);
        }
        finish(neighbour);
        release.countDown();
        finish(slow);
        Arrays.sort(late);
        System.out.printf(
                "hand-over to a listener's thread: p50 %.1f µs, p99 %.1f µs, longest %.1f µs%n",
                late[count / 2] / 1e3, late[count * 99 / 100] / 1e3, late[count - 1] / 1e3);
        assertThat(slow.dropped()).isEqualTo(count - 1_000);
        assertThat(neighbour.dropped()).isZero();
        assertThat(late[count / 2]).isLessThan(LATE_NANOS);
    }

    private Mailbox mailbox(int room, KisListener listener) {
        return new Mailbox(
                "test",
                listener,
                room,
                InstantSource.fixed(Instant.EPOCH),
                () -> Set.of(TRADES),
                dropping::incrementAndGet);
    }

    private static void finish(Mailbox mailbox) throws InterruptedException {
        var delivered = new CountDownLatch(1);
        mailbox.urgent(_ -> delivered.countDown());
        assertThat(delivered.await(20, TimeUnit.SECONDS)).isTrue();
        mailbox.end();
    }
}
