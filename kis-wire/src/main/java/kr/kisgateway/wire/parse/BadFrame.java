package kr.kisgateway.wire.parse;

/**
 * A frame that could not be read.
 *
 * @param trId the TR the header names; empty when not even that was readable
 * @param reason the error
 * @param detail the value or width, in words
 * @param sample the first characters of the frame, for the log; of a notice only the header, because the rest is about
 *     an account
 */
public record BadFrame(String trId, Reason reason, String detail, String sample) {

    /** Why a frame is bad. */
    public enum Reason {
        /** It does not begin with flag, TR, count and three bars. */
        HEADER,
        /** The number of fields fits neither the count nor a known width. */
        WIDTH,
        /** A field is invalid. */
        VALUE,
        /** It is encrypted and there is no key for its TR. */
        NO_KEY,
        /** The key does not decrypt it. */
        UNDECRYPTABLE
    }
}
