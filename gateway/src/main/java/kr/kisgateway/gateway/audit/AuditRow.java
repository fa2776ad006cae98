package kr.kisgateway.gateway.audit;

import java.util.Arrays;

/**
 * A stored row.
 *
 * @param seq its number, from 1 without gaps
 * @param hash of its content and of all rows before it
 */
public record AuditRow(long seq, AuditEntry entry, byte[] hash) {
    public AuditRow {
        hash = hash.clone();
    }

    @Override
    public byte[] hash() {
        return hash.clone();
    }

    /** Whether this row follows the row with the hash {@code previous} unchanged. */
    boolean follows(byte[] previous) {
        return Arrays.equals(hash, entry.hash(previous, seq));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuditRow that
                && seq == that.seq
                && entry.equals(that.entry)
                && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(seq);
    }

    @Override
    public String toString() {
        return seq + " " + entry;
    }
}
