package kr.kisgateway.gateway.instrument;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kr.kisgateway.market.Market;

/**
 * Finds instruments by typed text. All keys (codes, tickers, names) are concatenated in a single text, and their
 * initials in another of the same length: the second is searched with the JVM's text search, and each hit is then
 * verified in the first. Lines are sorted by turnover, so hits appear in the order in which they are answered.
 * Immutable; rebuilt for each listing.
 *
 * <p>Weak spot: a query of one letter matches thousands of keys; its cost grows with the listing's length, well below 1
 * ms.
 */
public final class SearchIndex {
    /** Maximum characters of a query. */
    public static final int QUERY_MAX = 64;

    /** How well a key matches a query, best first. */
    private enum Hit {
        EXACT_CODE,
        EXACT_NAME,
        CODE_PREFIX,
        NAME_PREFIX,
        CONTAINS
    }

    private static final char KEY_SEPARATOR = '\n';

    private final List<Listed> lines;
    private final String names;
    private final String initials;
    private final int[] starts;
    private final int[] lineOf;
    private final boolean[] isCode;

    /** @param total all matches, also beyond {@code lines} */
    public record Found(List<Listed> lines, int total) {}

    private SearchIndex(List<Listed> lines) {
        this.lines = lines;
        int keysMax = lines.size() * 4;
        this.starts = new int[keysMax + 1];
        this.lineOf = new int[keysMax];
        this.isCode = new boolean[keysMax];
        var text = new StringBuilder(lines.size() * 48).append(KEY_SEPARATOR);
        int keys = 0;
        for (int line = 0; line < lines.size(); line++) {
            for (var key : keys(lines.get(line))) {
                starts[keys] = text.length();
                lineOf[keys] = line;
                isCode[keys] = key.isCode();
                text.append(SearchText.fold(key.text())).append(KEY_SEPARATOR);
                keys++;
            }
        }
        Arrays.fill(starts, keys, starts.length, text.length());
        this.names = text.toString();
        this.initials = SearchText.initials(names);
    }

    private record Key(String text, boolean isCode) {}

    /** At most four; those of one line are adjacent. */
    private static List<Key> keys(Listed listed) {
        var keys = new ArrayList<Key>(4);
        keys.add(new Key(listed.code(), true));
        if (!listed.symbol().ticker().equals(listed.code())) {
            keys.add(new Key(listed.symbol().ticker(), true));
        }
        keys.add(new Key(listed.name(), false));
        listed.nameEn().filter(name -> !name.equals(listed.name())).ifPresent(name -> keys.add(new Key(name, false)));
        return keys;
    }

    static SearchIndex of(List<Listed> listed) {
        return new SearchIndex(byTrading(listed));
    }

    /** The most traded first; the markets alternate, because their currencies cannot be compared. */
    private static List<Listed> byTrading(List<Listed> listed) {
        var byTurnover = Comparator.comparingLong(Listed::turnover).reversed().thenComparing(Listed::code);
        var byMarket = listed.stream()
                .sorted(byTurnover)
                .collect(
                        Collectors.groupingBy(line -> line.symbol().market(), LinkedHashMap::new, Collectors.toList()));
        // Korea first, whatever has the largest figure.
        var markets = byMarket.entrySet().stream()
                .sorted(Comparator.comparing(entry -> !entry.getKey().equals(Market.KOREA)))
                .map(Map.Entry::getValue)
                .toList();
        var lines = new ArrayList<Listed>(listed.size());
        for (int i = 0; lines.size() < listed.size(); i++) {
            for (var ofMarket : markets) {
                if (i < ofMarket.size()) {
                    lines.add(ofMarket.get(i));
                }
            }
        }
        return List.copyOf(lines);
    }

    /** Whether {@code text} contains a searchable character. */
    public static boolean isSearchable(String text) {
        return !SearchText.fold(text).isEmpty();
    }

    /**
     * The matches of {@code text}: the exact code first, then the exact name, then keys that begin with it and that
     * contain it, each the most traded first.
     *
     * @param markets only instruments of these
     * @param isVisible only instruments that pass
     * @param limit maximum lines
     */
    public Found search(String text, Set<ListingMarket> markets, Predicate<Listed> isVisible, int limit) {
        var query = SearchText.fold(text);
        if (query.isEmpty()) {
            return new Found(List.of(), 0);
        }
        var queryInitials = SearchText.initials(query);
        var hits = new Hits(markets, isVisible, limit);
        int key = 0;
        for (int at = initials.indexOf(queryInitials, 1); at >= 0; ) {
            key = keyAt(at, key);
            if (SearchText.matchesAt(query, names, at)) {
                hits.add(lineOf[key], classify(query, key, at));
                // A key begins with the query or does not: further positions in it add nothing.
                at = initials.indexOf(queryInitials, starts[key + 1]);
            } else {
                at = initials.indexOf(queryInitials, at + 1);
            }
        }
        return hits.found();
    }

    private Hit classify(String query, int key, int at) {
        boolean isPrefix = at == starts[key];
        boolean isExact = isPrefix && names.startsWith(query, at) && names.charAt(at + query.length()) == KEY_SEPARATOR;
        if (isExact) {
            return isCode[key] ? Hit.EXACT_CODE : Hit.EXACT_NAME;
        }
        if (isPrefix) {
            return isCode[key] ? Hit.CODE_PREFIX : Hit.NAME_PREFIX;
        }
        return Hit.CONTAINS;
    }

    /** The key that contains position {@code at}, at {@code from} or after it. */
    private int keyAt(int at, int from) {
        if (at < starts[from + 1]) {
            return from;
        }
        int position = Arrays.binarySearch(starts, from, starts.length, at);
        return position >= 0 ? position : -position - 2;
    }

    /** Collects hits; the keys of one line are adjacent, so only the last line's best is remembered. */
    private final class Hits {
        private final Set<ListingMarket> markets;
        private final Predicate<Listed> isVisible;
        private final int limit;
        private final List<List<Listed>> byKind = new ArrayList<>();
        private int line = -1;
        private Hit best = Hit.CONTAINS;
        private int total;

        Hits(Set<ListingMarket> markets, Predicate<Listed> isVisible, int limit) {
            this.markets = markets;
            this.isVisible = isVisible;
            this.limit = limit;
            for (int i = 0; i < Hit.values().length; i++) {
                byKind.add(new ArrayList<>());
            }
        }

        void add(int hitLine, Hit hit) {
            if (hitLine == line) {
                best = hit.compareTo(best) < 0 ? hit : best;
                return;
            }
            close();
            line = hitLine;
            best = hit;
        }

        Found found() {
            close();
            return new Found(byKind.stream().flatMap(List::stream).limit(limit).toList(), total);
        }

        private void close() {
            if (line < 0) {
                return;
            }
            var listed = lines.get(line);
            if (markets.contains(listed.market()) && isVisible.test(listed)) {
                total++;
                var kind = byKind.get(best.ordinal());
                if (kind.size() < limit) {
                    kind.add(listed);
                }
            }
        }
    }
}
