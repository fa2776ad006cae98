package kr.kisgateway.gateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The folding of Korean text, over names of any syllables. */
@Requirement("P-04")
class SearchTextTest {
    private static final String JOINED = "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ";
    private static final String[] PARTS = {"ㄱㅅ", "ㄴㅈ", "ㄴㅎ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅂㅅ"};

    @Property
    void initials_are_as_long_as_the_text_and_their_own_initials(@ForAll("names") String name) {
        var folded = SearchText.fold(name);
        var initials = SearchText.initials(folded);
        assertThat(initials).hasSameSizeAs(folded);
        assertThat(SearchText.initials(initials)).isEqualTo(initials);
        assertThat(SearchText.fold(folded)).isEqualTo(folded);
    }

    @Property
    void any_part_of_a_name_typed_as_syllables_or_initials_is_found_at_its_position(
            @ForAll("names") String name, @ForAll @IntRange(max = 29) int from, @ForAll int mixture) {
        var folded = SearchText.fold(name);
        int at = folded.isEmpty() ? 0 : from % folded.length();
        var part = folded.substring(at);
        var initials = SearchText.initials(part);
        var typed = new StringBuilder();
        for (int i = 0; i < part.length(); i++) {
            typed.append((mixture >> i % 31 & 1) == 0 ? part.charAt(i) : initials.charAt(i));
        }
        var query = SearchText.fold(typed.toString());
        assertThat(SearchText.initials(query)).isEqualTo(initials);
        assertThat(SearchText.matchesAt(query, folded, at)).isTrue();
    }

    @Property
    void consonants_joined_by_a_keyboard_equal_those_typed_separately(@ForAll("names") String name) {
        var initials = SearchText.initials(SearchText.fold(name));
        var joined = initials;
        for (int i = 0; i < PARTS.length; i++) {
            joined = joined.replace(PARTS[i], JOINED.substring(i, i + 1));
        }
        assertThat(SearchText.fold(joined)).isEqualTo(initials);
    }

    @Property
    void a_decomposed_name_equals_the_composed_one(@ForAll("names") String name) {
        assertThat(SearchText.fold(Normalizer.normalize(name, Normalizer.Form.NFD)))
                .isEqualTo(SearchText.fold(name));
    }

    @Property
    void a_different_syllable_does_not_match(@ForAll("syllables") char inText, @ForAll("syllables") char typed) {
        // As the last of a query a syllable without a final consonant also matches those with one; before another
        // syllable it does not.
        boolean agrees = SearchText.matchesAt(typed + "가", inText + "가", 0);
        assertThat(agrees).isEqualTo(inText == typed);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                        Arbitraries.chars().range('가', '힣'),
                        Arbitraries.chars().range('A', 'Z'),
                        Arbitraries.chars().range('a', 'z'),
                        Arbitraries.chars().range('0', '9'),
                        Arbitraries.of(' ', '&', '-', '.', '(', ')'))
                .list()
                .ofMaxSize(30)
                .map(chars -> chars.stream().map(String::valueOf).collect(java.util.stream.Collectors.joining()));
    }

    @Provide
    Arbitrary<Character> syllables() {
        return Arbitraries.chars().range('가', '힣');
    }
}
