package kr.kisgateway.gateway.instrument;

import java.text.Normalizer;

/**
 * Text as it is searched. {@link #fold} takes away what people write in different ways: blanks and punctuation, small letters,
 * wide and half-wide forms, syllables in parts (as a Mac writes them), and consonants that a keyboard joined
 * ({@code ㄳ} for {@code ㄱㅅ}). {@link #initials} then leaves the initial consonant (초성) of each syllable, character by
 * character, so that both texts can be looked at side by side.
 */
final class SearchText {
    private static final char FIRST_SYLLABLE = 0xAC00;
    private static final char LAST_SYLLABLE = 0xD7A3;
    private static final int FINALS = 28;
    private static final int VOWELS_AND_FINALS = 21 * FINALS;

    /** The nineteen initials in Unicode's order. */
    private static final String INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

    /** Two consonants that no syllable begins with together, and that keyboards write as one. */
    private static final String JOINED = "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ";

    private static final String[] SPLIT_CONSONANTS = {"ㄱㅅ", "ㄴㅈ", "ㄴㅎ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅂㅅ"};

    /** The consonants of U+11A8 and on (jongseong), by which a compatibility jamo is known to some converters. */
    private static final String FINAL_FORMS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

    /** U+FFA1 to U+FFBE, half-wide. */
    private static final String HALF_WIDE = "ㄱㄲㄳㄴㄵㄶㄷㄸㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅃㅄㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

    private SearchText() {}

    /** {@code text} as it is searched: letters, digits and consonants alone, in capitals. */
    static String fold(String text) {
        var folded = new StringBuilder(text.length() + 4);
        var composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        for (int i = 0; i < composed.length(); i++) {
            char c = plain(composed.charAt(i));
            int joined = JOINED.indexOf(c);
            if (joined >= 0) {
                folded.append(SPLIT_CONSONANTS[joined]);
            } else if (Character.isLetterOrDigit(c)) {
                folded.append(Character.toUpperCase(c));
            }
        }
        return folded.toString();
    }

    /** {@code folded} with the initial consonant in the place of each syllable; as long as it was. */
    static String initials(String folded) {
        var initials = new StringBuilder(folded.length());
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            initials.append(isSyllable(c) ? INITIALS.charAt((c - FIRST_SYLLABLE) / VOWELS_AND_FINALS) : c);
        }
        return initials.toString();
    }

    /**
     * Whether {@code query} stands at {@code at} of {@code names}, where the initials of both are known to agree. A consonant
     * stands for every syllable that begins with it; a last syllable without a final consonant for those that have one, because
     * whoever types may not be through with it.
     */
    static boolean matchesAt(String query, String names, int at) {
        for (int i = 0; i < query.length(); i++) {
            char queryChar = query.charAt(i);
            char nameChar = names.charAt(at + i);
            boolean agrees = queryChar == nameChar
                    || !isSyllable(queryChar)
                    || i == query.length() - 1
                            && isOpen(queryChar)
                            && isSyllable(nameChar)
                            && nameChar - (nameChar - FIRST_SYLLABLE) % FINALS == queryChar;
            if (!agrees) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSyllable(char c) {
        return c >= FIRST_SYLLABLE && c <= LAST_SYLLABLE;
    }

    /** Without a final consonant. */
    private static boolean isOpen(char syllable) {
        return (syllable - FIRST_SYLLABLE) % FINALS == 0;
    }

    /** One of the forms that a character has. */
    private static char plain(char c) {
        if (c >= 0x1100 && c < 0x1100 + INITIALS.length()) {
            return INITIALS.charAt(c - 0x1100);
        }
        if (c >= 0x11A8 && c < 0x11A8 + FINAL_FORMS.length()) {
            return FINAL_FORMS.charAt(c - 0x11A8);
        }
        if (c >= 0xFFA1 && c < 0xFFA1 + HALF_WIDE.length()) {
            return HALF_WIDE.charAt(c - 0xFFA1);
        }
        return c >= 0xFF01 && c <= 0xFF5E ? (char) (c - 0xFF01 + '!') : c;
    }
}
