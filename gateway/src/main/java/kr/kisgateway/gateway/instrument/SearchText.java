package kr.kisgateway.gateway.instrument;

import java.text.Normalizer;

/**
 * Normalized search text. {@link #fold} removes spelling variants: blanks and punctuation, small letters, wide and
 * half-wide forms, decomposed syllables (as a Mac writes them), and consonants that a keyboard joined ({@code ㄳ} for
 * {@code ㄱㅅ}). {@link #initials} then reduces each syllable to its initial consonant (초성), character by character, so
 * that positions in both texts correspond.
 */
final class SearchText {
    private static final char FIRST_SYLLABLE = 0xAC00;
    private static final char LAST_SYLLABLE = 0xD7A3;
    private static final int FINALS = 28;
    private static final int VOWELS_AND_FINALS = 21 * FINALS;

    /** The nineteen initials in Unicode's order. */
    private static final String INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

    /** Consonant pairs that no syllable begins with, and that keyboards write as one character. */
    private static final String JOINED = "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ";

    private static final String[] SPLIT_CONSONANTS = {"ㄱㅅ", "ㄴㅈ", "ㄴㅎ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅂㅅ"};

    /** The consonants of U+11A8 and following (jongseong), to which some converters map a compatibility jamo. */
    private static final String FINAL_FORMS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

    /** U+FFA1 to U+FFBE, half-wide. */
    private static final String HALF_WIDE = "ㄱㄲㄳㄴㄵㄶㄷㄸㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅃㅄㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

    private SearchText() {}

    /** {@code text} normalized: letters, digits and consonants only, in capitals. */
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

    /** {@code folded} with each syllable replaced by its initial consonant; of the same length. */
    static String initials(String folded) {
        var initials = new StringBuilder(folded.length());
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            initials.append(isSyllable(c) ? INITIALS.charAt((c - FIRST_SYLLABLE) / VOWELS_AND_FINALS) : c);
        }
        return initials.toString();
    }

    /**
     * Whether {@code query} matches {@code names} at {@code at}, where the initials of both agree. A consonant matches
     * every syllable that begins with it; a last syllable without a final consonant matches those with one, because the
     * user may still be typing it.
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

    /** Whether the syllable has no final consonant. */
    private static boolean isOpen(char syllable) {
        return (syllable - FIRST_SYLLABLE) % FINALS == 0;
    }

    /** The canonical form of a character. */
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
