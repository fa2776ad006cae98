package kr.kisgateway.gateway.audit;

import java.time.Instant;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Optional;
import kr.kisgateway.gateway.chain.RowBytes;
import kr.kisgateway.gateway.secret.SigningKey;

/**
 * What is signed of a sealed file: a month's rows.
 *
 * @param first number of its first row
 * @param last number of its last row
 * @param before hash before its first row
 * @param after hash of its last row
 * @param sha256 of the compressed file
 * @param removedAt when the file was removed after its seven years; not signed
 */
public record AuditSeal(
        YearMonth month,
        long first,
        long last,
        byte[] before,
        byte[] after,
        byte[] sha256,
        Instant sealedAt,
        byte[] publicKey,
        byte[] signature,
        Optional<Instant> removedAt) {

    /** Seals a file. */
    static AuditSeal of(
            YearMonth month,
            long first,
            long last,
            byte[] before,
            byte[] after,
            byte[] sha256,
            Instant sealedAt,
            SigningKey key) {
        var at = Instant.ofEpochMilli(sealedAt.toEpochMilli());
        return new AuditSeal(
                month,
                first,
                last,
                before,
                after,
                sha256,
                at,
                key.publicKey(),
                key.sign(text(month, first, last, before, after, sha256, at)),
                Optional.empty());
    }

    private static byte[] text(
            YearMonth month, long first, long last, byte[] before, byte[] after, byte[] sha256, Instant sealedAt) {
        return new RowBytes()
                .text("kis-gateway audit archive 1")
                .text(month.toString())
                .number(first)
                .number(last)
                .bytes(before)
                .bytes(after)
                .bytes(sha256)
                .number(sealedAt.toEpochMilli())
                .toBytes();
    }

    /** Whether the owner of its key signed exactly this. */
    boolean isGenuine() {
        return SigningKey.isSigned(publicKey, text(month, first, last, before, after, sha256, sealedAt), signature);
    }

    /** Whether both describe the same file. */
    boolean isSameAs(AuditSeal other) {
        return month.equals(other.month)
                && first == other.first
                && last == other.last
                && Arrays.equals(before, other.before)
                && Arrays.equals(after, other.after)
                && Arrays.equals(sha256, other.sha256)
                && Arrays.equals(signature, other.signature);
    }

    /** Name of the compressed file. */
    String fileName() {
        return "audit-" + month + ".jsonl.gz";
    }

    /** Name of the file with this seal. */
    String sealName() {
        return "audit-" + month + ".seal.json";
    }
}
