package kr.kisgateway.gateway.settings;

import java.util.Locale;

/** Which KIS the gateway talks to: the simulator, KIS's paper trading (모의투자), or the real market. */
public enum KisEnvironment {
    SIM,
    MOCK,
    LIVE;

    /** The word in settings, answers and folder names. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
