package kr.kisgateway.gateway.settings;

import kr.kisgateway.client.settings.Target;

/** The KIS environment: the simulator, KIS's paper trading (모의투자), or the real market. */
public enum KisEnvironment {
    SIM(Target.SIM),
    MOCK(Target.MOCK),
    LIVE(Target.LIVE);

    private final Target target;

    KisEnvironment(Target target) {
        this.target = target;
    }

    static KisEnvironment of(Target target) {
        return switch (target) {
            case SIM -> SIM;
            case MOCK -> MOCK;
            case LIVE -> LIVE;
        };
    }

    /** The same environment in the type that gateway and SDK share. */
    Target target() {
        return target;
    }

    /** The name in settings, answers and folder names. */
    public String wireName() {
        return target.label();
    }
}
