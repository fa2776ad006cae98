package kr.kisgateway.simulator.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.wire.print.Percent;

/**
 * The members of the exchange (회원사) that traded a stock on a day: the five largest sellers and the five largest buyers, with
 * their shares of the day's volume, and the sum of the foreign ones.
 *
 * <p>The market does not record the member of a trade, so the parts of all members are drawn for the stock and the day;
 * those of a side add up to the volume.
 *
 * @param draw of the stock and the day
 * @param volume shares traded on the day
 */
record Members(SeededDraw draw, long volume) {
    private static final Pattern COLUMN =
            Pattern.compile("(?:(seln|seln2|shnu|byov)_mbcr_(no|name|eng_name|rlim|glob_yn_)"
                    + "|total_(seln|shnu)_(qty)|(seln|shnu)_(qty_icdc))([1-5])");
    private static final Pattern FOREIGN = Pattern.compile("glob_(total_)?(seln|shnu|ntby)_(qty|rlim|qty_icdc)");

    /** One in this many of a member's shares is new since the previous list. */
    private static final int NEWEST = 200;

    /** A member with its code at KIS [assumed]. */
    private record Member(String code, String name, String english, boolean foreign) {}

    private static final List<Member> ALL = List.of(
            new Member("00002", "신한투자증권", "SHINHAN", false),
            new Member("00003", "한국투자증권", "KIS", false),
            new Member("00004", "대신증권", "DAISHIN", false),
            new Member("00005", "미래에셋증권", "MIRAEASSET", false),
            new Member("00012", "NH투자증권", "NHIS", false),
            new Member("00017", "KB증권", "KBSEC", false),
            new Member("00030", "삼성증권", "SAMSUNG", false),
            new Member("00050", "키움증권", "KIWOOM", false),
            new Member("00036", "모간서울", "MORGAN", true),
            new Member("00043", "UBS증권", "UBS", true),
            new Member("00045", "골드만", "GOLDMAN", true),
            new Member("00033", "JP모간", "JPMORGAN", true));

    private record Part(Member member, long shares) {}

    /** Whether a column of that name may be one of these. */
    static boolean isMemberColumn(String column) {
        return column.contains("mbcr")
                || column.contains("seln_")
                || column.contains("shnu_")
                || column.startsWith("glob_");
    }

    /** The value of a column of that name; empty for other columns. */
    Optional<String> of(String column) {
        Matcher place = COLUMN.matcher(column);
        if (place.matches()) {
            String side = firstOf(place, 1, 3, 5);
            return Optional.of(value(sells(side), Integer.parseInt(place.group(7)) - 1, firstOf(place, 2, 4, 6)));
        }
        Matcher foreign = FOREIGN.matcher(column);
        return foreign.matches() ? Optional.of(foreign(foreign.group(2), foreign.group(3))) : Optional.empty();
    }

    /** A member's name or code, the same one in all columns of the same draw. */
    static String any(SeededDraw draw, boolean code) {
        Member member = ALL.get((int) draw.below(ALL.size()));
        return code ? member.code : member.name;
    }

    private static String firstOf(Matcher matcher, int... groups) {
        for (int group : groups) {
            String text = matcher.group(group);
            if (text != null) {
                return text;
            }
        }
        return "";
    }

    private static boolean sells(String side) {
        return side.startsWith("seln");
    }

    private String value(boolean sells, int place, String what) {
        Part part = parts(sells).get(place);
        return switch (what) {
            case "no" -> part.member.code;
            case "name" -> part.member.name;
            case "eng_name" -> part.member.english;
            case "rlim" -> Percent.of(part.shares, volume);
            case "glob_yn_" -> part.member.foreign ? "Y" : "N";
            case "qty" -> Long.toString(part.shares);
            default -> Long.toString(part.shares / NEWEST);
        };
    }

    private String foreign(String side, String what) {
        long shares = switch (side) {
            case "ntby" -> foreign(false) - foreign(true);
            default -> foreign(sells(side));
        };
        return switch (what) {
            case "qty" -> Long.toString(shares);
            case "rlim" -> Percent.of(shares, volume);
            default -> Long.toString(shares / NEWEST);
        };
    }

    private long foreign(boolean sells) {
        return parts(sells).stream()
                .filter(part -> part.member.foreign)
                .mapToLong(Part::shares)
                .sum();
    }

    /** All members with their shares of a side, the largest first. */
    private List<Part> parts(boolean sells) {
        SeededDraw side = draw.with(sells ? "sold" : "bought");
        long[] weights = ALL.stream()
                .mapToLong(member -> side.with(member.code).between(10, 200))
                .toArray();
        long all = 0;
        for (long weight : weights) {
            all += weight;
        }
        List<Part> parts = new ArrayList<>();
        long left = volume;
        for (int i = 0; i < weights.length; i++) {
            long shares = i == weights.length - 1 ? left : volume / all * weights[i] + volume % all * weights[i] / all;
            parts.add(new Part(ALL.get(i), shares));
            left -= shares;
        }
        return parts.stream()
                .sorted(Comparator.comparingLong(Part::shares).reversed().thenComparing(part -> part.member.code))
                .toList();
    }
}
