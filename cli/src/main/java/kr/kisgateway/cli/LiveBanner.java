package kr.kisgateway.cli;

import kr.kisgateway.terminal.Screen;

/** Shows that a command trades real money. */
final class LiveBanner {
    private static final String LIVE = "live";
    private static final String RULE = "=".repeat(60);

    private LiveBanner() {}

    /** Displays it in the environment {@code live}, and nothing in any other. */
    static void show(Screen screen, String environment) {
        if (isLive(environment)) {
            screen.line(RULE);
            screen.line("  LIVE: this trades real money. 실전투자: 실제 돈으로 거래합니다.");
            screen.line(RULE);
        }
    }

    /** The question of a confirmation, which names the environment {@code live}. */
    static String question(String environment, String english, String korean) {
        return (isLive(environment) ? "LIVE, real money (실전투자): " : "") + english + " " + korean;
    }

    private static boolean isLive(String environment) {
        return environment.equals(LIVE);
    }
}
