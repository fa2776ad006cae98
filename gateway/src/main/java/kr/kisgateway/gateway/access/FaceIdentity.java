package kr.kisgateway.gateway.access;

import java.util.Optional;

/**
 * What a key is to programs that speak KIS's protocol: a virtual app key with an account number and a login id that exist
 * here only.
 *
 * @param appKey hash of the app key, which stays the same when the secret is replaced
 * @param appSecret hash of the valid app secret
 * @param formerAppSecret the one before the last rotation, while it is still valid
 * @param accountNumber ten digits: CANO and ACNT_PRDT_CD
 * @param htsId login id, the key of execution notices
 * @param layout widths of frames and answers: {@code classic}, {@code samples}, {@code current}, or a day as {@code 2026-11-22}
 * @param records how many records a frame has
 * @param ownBalances whether balances show the key's share by its own fills instead of the account
 */
public record FaceIdentity(
        SecretHash appKey,
        SecretHash appSecret,
        Optional<ApiKey.FormerSecret> formerAppSecret,
        String accountNumber,
        String htsId,
        String layout,
        FaceRecords records,
        boolean ownBalances) {
    private static final int CANO_LENGTH = 8;

    /** CANO, the first eight digits of the account number. */
    public String cano() {
        return accountNumber.substring(0, CANO_LENGTH);
    }

    /** ACNT_PRDT_CD, the product code of the account number. */
    public String productCode() {
        return accountNumber.substring(CANO_LENGTH);
    }
}
