package kr.kisgateway.market;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the valid word that is probably intended by an invalid one: another spelling, a few wrong letters, or the long
 * form of an abbreviation.
 */
public final class NearestWord {
    /** Longer words are not compared: the cost grows with the square of the length. */
    private static final int LONGEST = 64;

    private static final int ABBREVIATION_MIN = 3;

    private record Candidate(String word, int distance) {}

    private NearestWord() {}

    /**
     * The candidate nearest to {@code unknown}; empty when none is near. Capitals, hyphens and underscores do not count,
     * so {@code orderType} is {@code order_type}. At most one letter in three may differ.
     */
    public static Optional<String> of(String unknown, Collection<String> candidates) {
        String plain = plain(unknown);
        if (plain.isEmpty() || plain.length() > LONGEST) {
            return Optional.empty();
        }
        return candidates.stream()
                .map(word -> new Candidate(word, distance(plain, plain(word))))
                .filter(candidate -> candidate.distance() <= plain.length() / 3)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
                .map(Candidate::word)
                .or(() -> candidates.stream()
                        .filter(word -> abbreviates(plain(word), plain) || abbreviates(plain, plain(word)))
                        .min(Comparator.comparingInt(String::length).thenComparing(word -> word)));
    }

    /** The end of a sentence that refuses {@code unknown}: a question with the nearest candidate, else a full stop. */
    public static String ending(String unknown, Collection<String> candidates) {
        return of(unknown, candidates)
                .map(word -> "; did you mean \"" + word + "\"?")
                .orElse(".");
    }

    private static boolean abbreviates(String shorter, String longer) {
        if (shorter.length() < ABBREVIATION_MIN
                || shorter.length() >= longer.length()
                || shorter.charAt(0) != longer.charAt(0)
                || shorter.charAt(shorter.length() - 1) != longer.charAt(longer.length() - 1)) {
            return false;
        }
        int at = 0;
        for (int i = 0; i < longer.length() && at < shorter.length(); i++) {
            if (longer.charAt(i) == shorter.charAt(at)) {
                at++;
            }
        }
        return at == shorter.length();
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Letters that must be changed, added, removed or exchanged with their neighbour. */
    private static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= other.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            for (int j = 1; j <= other.length(); j++) {
                int change = cost[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean exchanged = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                if (exchanged) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[one.length()][other.length()];
    }
}
