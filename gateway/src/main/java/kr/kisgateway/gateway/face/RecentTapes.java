package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.meter.Meters;

/**
 * The pushed trades of the stocks whose trades or minutes programs request. A stock without a request for ten minutes is
 * forgotten; frames of other stocks are not read.
 */
final class RecentTapes {
    /** Each has some 50 KB at most. */
    private static final int STOCKS_MAX = 128;

    private static final Duration UNUSED_MAX = Duration.ofMinutes(10);
    private static final String FRAME_START = "0|" + FeedTable.TRADES + '|';

    private final InstantSource clock;
    private final Map<String, Followed> stocks = new ConcurrentHashMap<>();

    private static final class Followed {
        private final RecentTape tape = new RecentTape();
        private volatile long requestedAtMs;
    }

    RecentTapes(InstantSource clock) {
        this.clock = clock;
    }

    void bindTo(Meters meters) {
        meters.gauge(
                "face.tapes",
                "stocks",
                "Stocks whose last pushed trades are retained, because programs request trades or minutes",
                stocks::size);
    }

    /** The tape of a stock, which is retained from now on; empty while as many as possible are. */
    Optional<RecentTape> request(String code) {
        var followed = stocks.get(code);
        if (followed == null) {
            if (stocks.size() >= STOCKS_MAX) {
                stocks.values().removeIf(this::isUnused);
            }
            if (stocks.size() >= STOCKS_MAX) {
                return Optional.empty();
            }
            followed = stocks.computeIfAbsent(code, _ -> new Followed());
        }
        followed.requestedAtMs = clock.millis();
        return Optional.of(followed.tape);
    }

    /** Forgets the trades of a stock. */
    void reset(String code) {
        var followed = stocks.get(code);
        if (followed != null) {
            followed.tape.reset();
        }
    }

    /** A frame from KIS, of any TR; {@code frame} is valid during the call only. */
    void frame(CharSequence frame) {
        if (stocks.isEmpty() || !startsWith(frame, FRAME_START)) {
            return;
        }
        int start = Math.min(frame.length(), indexOf(frame, '|', FRAME_START.length()) + 1);
        int number = number(frame, FRAME_START.length(), start - 1);
        if (number == 1) {
            record(frame, start, frame.length());
            return;
        }
        int columns = 1;
        for (int i = start; i < frame.length(); i++) {
            columns += frame.charAt(i) == '^' ? 1 : 0;
        }
        if (number == 0 || columns % number != 0) {
            // Trades of its stock are missing.
            reset(frame.subSequence(start, indexOf(frame, '^', start)).toString());
            return;
        }
        for (int record = 0; record < number; record++) {
            int end = start;
            for (int column = 0; column < columns / number; column++) {
                end = indexOf(frame, '^', column == 0 ? end : end + 1);
            }
            record(frame, start, end);
            start = end + 1;
        }
    }

    /** The position of a character from {@code from} on; the length without it. */
    private static int indexOf(CharSequence text, char each, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != each) {
            at++;
        }
        return Math.min(at, text.length());
    }

    private static int number(CharSequence text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > 999) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static boolean startsWith(CharSequence frame, String start) {
        if (frame.length() < start.length()) {
            return false;
        }
        for (int i = 0; i < start.length(); i++) {
            if (frame.charAt(i) != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void record(CharSequence frame, int start, int end) {
        String code = frame.subSequence(start, indexOf(frame, '^', start)).toString();
        var followed = stocks.get(code);
        if (followed == null) {
            return;
        }
        if (isUnused(followed)) {
            stocks.remove(code, followed);
            return;
        }
        PushedTrade.read(frame.subSequence(start, end).toString())
                .ifPresentOrElse(followed.tape::add, followed.tape::reset);
    }

    private boolean isUnused(Followed followed) {
        return clock.millis() - followed.requestedAtMs > UNUSED_MAX.toMillis();
    }
}
