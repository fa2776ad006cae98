package kr.kisgateway.gateway.face;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A trade as KIS pushed it: the columns of its record that queries have, too, as their text.
 *
 * @param date business date, {@code yyyyMMdd}
 * @param time {@code HHmmss}
 * @param qty its shares
 * @param volume shares of the day, this trade included
 * @param price units of won
 * @param columns by the names that queries use
 */
record PushedTrade(String date, String time, long qty, long volume, long price, Map<String, String> columns) {
    static final String PRICE = "stck_prpr";

    static final String VOLUME = "acml_vol";
    static final String TURNOVER = "acml_tr_pbmn";
    static final String TIME = "stck_cntg_hour";
    static final String QTY = "cntg_vol";
    private static final int DATE_AT = 33;
    /** Positions in a record of {@code H0STCNT0}. */
    private static final Map<Integer, String> NAMES = Map.of(
            1, TIME,
            2, PRICE,
            3, "prdy_vrss_sign",
            4, "prdy_vrss",
            5, "prdy_ctrt",
            12, QTY,
            13, VOLUME,
            14, TURNOVER,
            18, "tday_rltv");

    /** The trade of a record; empty when a column is not readable. */
    static Optional<PushedTrade> read(String record) {
        var names = new HashMap<String, String>();
        String date = "";
        int from = 0;
        for (int column = 0; column <= DATE_AT; column++) {
            int end = record.indexOf('^', from);
            if (end < 0 && column < DATE_AT) {
                return Optional.empty();
            }
            String name = NAMES.get(column);
            if (name != null) {
                names.put(name, record.substring(from, end));
            } else if (column == DATE_AT) {
                date = end < 0 ? record.substring(from) : record.substring(from, end);
            }
            from = end + 1;
        }
        try {
            long qty = Long.parseLong(names.getOrDefault(QTY, ""));
            String time = names.getOrDefault(TIME, "");
            return qty > 0 && isTime(time)
                    ? Optional.of(new PushedTrade(
                            date,
                            time,
                            qty,
                            Long.parseLong(names.getOrDefault(VOLUME, "")),
                            Long.parseLong(names.getOrDefault(PRICE, "")),
                            Map.copyOf(names)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether it is a time of day, {@code HHmmss}. */
    static boolean isTime(String text) {
        return text.length() == 6
                && text.chars().allMatch(each -> each >= '0' && each <= '9')
                && text.compareTo("240000") < 0
                && text.charAt(2) < '6'
                && text.charAt(4) < '6';
    }

    /** The minute of the day of a time, {@code HHmmss}. */
    static int minute(String time) {
        return Integer.parseInt(time, 0, 2, 10) * 60 + Integer.parseInt(time, 2, 4, 10);
    }

    int minute() {
        return minute(time);
    }

    String column(String name) {
        return columns.getOrDefault(name, "");
    }
}
