package kr.kisgateway.gateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement("P-04")
class SearchIndexTest {
    private static final Listing LISTING = ShippedListing.of(Instruments.load(), NxtListing.load(), Markets.standard());
    private static final Set<ListingMarket> ALL =
            LISTING.markets().stream().map(MarketListing::market).collect(Collectors.toSet());

    @ParameterizedTest
    @CsvSource({
        "005930, 005930",
        "삼성전자, 005930",
        "ㅅㅅㅈㅈ, 005930",
        "삼ㅅㅈ자, 005930",
        "ㅅ성전ㅈ, 005930",
        "삼성 전자, 005930",
        "삼서, 005930",
        "samsung electronics, 005930",
        "SK하이닉스, 000660",
        "skㅎㅇㄴㅅ, 000660",
        "ＳＫ하이닉스, 000660",
        "ㅋㅋㅇ, 035720",
        "AAPL, AAPL.NASD",
        "aapl.nasd, AAPL.NASD",
        "apple inc, AAPL.NASD",
    })
    void typed_text_finds_the_intended_instrument_first(String typed, String code) {
        assertThat(codes(typed, 5)).startsWith(code);
    }

    @Test
    void consonants_joined_by_the_keyboard_find_the_same() {
        // A Korean keyboard composes ㅂㅅ to ㅄ.
        assertThat(codes("ㅄ", 50)).isEqualTo(codes("ㅂㅅ", 50)).isNotEmpty();
    }

    @Test
    void hits_are_ordered_by_exact_code_prefix_containment_and_turnover() {
        var found = LISTING.index().search("삼성", ALL, _ -> true, 1_000).lines();
        var prefixHits =
                found.stream().takeWhile(it -> it.name().startsWith("삼성")).toList();
        assertThat(prefixHits).hasSizeGreaterThan(10);
        assertThat(prefixHits).isSortedAccordingTo((a, b) -> Long.compare(b.turnover(), a.turnover()));
        assertThat(found.subList(prefixHits.size(), found.size()))
                .isNotEmpty()
                .allMatch(it -> it.name().contains("삼성") && !it.name().startsWith("삼성"));

        assertThat(codes("005930", 5)).containsExactly("005930");
        assertThat(codes("00593", 5)).startsWith("005930", "005935");
    }

    @Test
    void every_line_is_found_by_its_code_its_name_and_its_initials() {
        for (var listed : LISTING.all()) {
            assertThat(codes(listed.code(), 1)).containsExactly(listed.code());
            assertThat(codes(listed.name(), 20)).as(listed.name()).contains(listed.code());
            var initials = SearchText.initials(SearchText.fold(listed.name()));
            assertThat(codes(initials, 1_000)).as(initials).contains(listed.code());
        }
    }

    @Test
    void the_index_finds_exactly_what_a_full_scan_finds() {
        for (var typed : List.of("ㅅ", "전자", "ko", "1", "은행", "ㅇㅎ", "조ㅎ", "inc", "a")) {
            var query = SearchText.fold(typed);
            var searched = SearchText.initials(query);
            var expected = LISTING.all().stream()
                    .filter(listed -> contains(query, searched, listed.code())
                            || contains(query, searched, listed.name())
                            || listed.nameEn()
                                    .filter(name -> contains(query, searched, name))
                                    .isPresent())
                    .map(Listed::code)
                    .toList();
            var found = LISTING.index().search(typed, ALL, _ -> true, 100_000);
            assertThat(found.lines().stream().map(Listed::code))
                    .as(typed)
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(found.total()).isEqualTo(expected.size());
        }
    }

    private static boolean contains(String query, String searched, String text) {
        var key = SearchText.fold(text);
        var initials = SearchText.initials(key);
        for (int at = initials.indexOf(searched); at >= 0; at = initials.indexOf(searched, at + 1)) {
            if (SearchText.matchesAt(query, key, at)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void markets_permissions_and_the_limit_apply() {
        var us = LISTING.index().search("a", Set.of(ListingMarket.NYSE), _ -> true, 3);
        assertThat(us.lines()).hasSize(3).allMatch(it -> it.market().equals(ListingMarket.NYSE));
        assertThat(us.total()).isGreaterThan(3);
        assertThat(LISTING.index()
                        .search("삼성전자", ALL, it -> !it.code().equals("005930"), 5)
                        .lines())
                .extracting(Listed::code)
                .doesNotContain("005930")
                .contains("005935");
        assertThat(LISTING.index().search("!!!", ALL, _ -> true, 5).lines()).isEmpty();
        assertThat(LISTING.index().search("ㅏ", ALL, _ -> true, 5).lines()).isEmpty();
    }

    private static List<String> codes(String typed, int limit) {
        return LISTING.index().search(typed, ALL, _ -> true, limit).lines().stream()
                .map(Listed::code)
                .toList();
    }

    @Test
    void punctuation_only_names_find_nothing_and_break_nothing() {
        assertThat(SearchIndex.isSearchable("-.&")).isFalse();
        assertThat(SearchIndex.isSearchable(" ㅅ ".toLowerCase(Locale.ROOT))).isTrue();
    }
}
