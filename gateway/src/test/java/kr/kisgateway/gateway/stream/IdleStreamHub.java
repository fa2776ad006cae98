package kr.kisgateway.gateway.stream;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.QuoteStore;

/** A hub without subscribers, for tests of other packages. */
public final class IdleStreamHub {
    private IdleStreamHub() {}

    public static StreamHub hub(InstantSource clock) {
        return new StreamHub(
                StreamSettings.standard(),
                StreamRig.EVERYTHING_PUSHED,
                new QuoteStore(clock),
                Lookups.shipped(),
                new StreamSources(
                        List::of,
                        new EmptyOrderReplay(),
                        () -> new SessionSnapshot("IDLE", false, Optional.empty(), "REGULAR"),
                        (_, _, _) -> Optional.empty(),
                        _ -> true),
                () -> "trace",
                clock);
    }
}
