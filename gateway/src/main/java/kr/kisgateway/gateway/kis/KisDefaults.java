package kr.kisgateway.gateway.kis;

import java.time.LocalDate;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.gateway.settings.BrokerDefaults;

/** KIS's own addresses and dated limits, for the settings. */
public final class KisDefaults {
    private KisDefaults() {}

    /** Defaults valid on {@code today} in Seoul. */
    public static BrokerDefaults on(LocalDate today) {
        var limits = LimitTable.load();
        return new BrokerDefaults(
                limits.on(Environment.LIVE_FACE, today).callsPerSecond(),
                limits.on(Environment.PAPER_FACE, today).callsPerSecond(),
                Environment.LIVE_FACE.restBase(),
                Environment.LIVE_FACE.wsBase(),
                Environment.PAPER_FACE.restBase(),
                Environment.PAPER_FACE.wsBase());
    }
}
