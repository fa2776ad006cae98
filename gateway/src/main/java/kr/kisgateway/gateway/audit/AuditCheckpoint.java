package kr.kisgateway.gateway.audit;

import java.time.Instant;
import kr.kisgateway.gateway.chain.RowBytes;
import kr.kisgateway.gateway.secret.SigningKey;

/**
 * A signature of the chain up to a row.
 *
 * @param seq number of that row
 * @param hash of that row
 */
public record AuditCheckpoint(long seq, Instant at, byte[] hash, byte[] publicKey, byte[] signature) {
    static AuditCheckpoint of(long seq, Instant at, byte[] hash, SigningKey key) {
        var millis = Instant.ofEpochMilli(at.toEpochMilli());
        return new AuditCheckpoint(seq, millis, hash, key.publicKey(), key.sign(text(seq, millis, hash)));
    }

    private static byte[] text(long seq, Instant at, byte[] hash) {
        return new RowBytes()
                .text("kis-gateway audit checkpoint 1")
                .number(seq)
                .number(at.toEpochMilli())
                .bytes(hash)
                .toBytes();
    }

    /** Whether the owner of its key signed exactly this. */
    boolean isGenuine() {
        return SigningKey.isSigned(publicKey, text(seq, at, hash), signature);
    }
}
