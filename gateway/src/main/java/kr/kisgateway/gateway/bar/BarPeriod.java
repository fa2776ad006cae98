package kr.kisgateway.gateway.bar;

/** How long a bar lasts. Bars begin where the clock of the exchange says, so every period divides the hour and the session. */
public enum BarPeriod {
    M1(1),
    M3(3),
    M5(5),
    M10(10),
    M30(30),
    M60(60);

    private final int minutes;

    BarPeriod(int minutes) {
        this.minutes = minutes;
    }

    public int minutes() {
        return minutes;
    }

    /** The word in the API, {@code 1m}. */
    public String word() {
        return minutes + "m";
    }

    /** The first minute of the bar that {@code minute} falls into; minutes are counted as {@link Bar#minute} is. */
    long begin(long minute) {
        return minute - Math.floorMod(minute, minutes);
    }
}
