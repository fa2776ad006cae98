package kr.kisgateway.wire.print;

import kr.kisgateway.wire.RealtimeKey;

/** The message by which a client registers or releases one key. */
public final class SubscribeMessage {
    private static final String REGISTER = "1";

    /** Docstrings of the newer official samples name 0; the portal, their own helper and every client use 2. */
    private static final String RELEASE = "2";

    private SubscribeMessage() {}

    /**
     * Prints the text to send.
     *
     * @param approvalKey from {@code /oauth2/Approval}; a secret, so the result must not be logged
     * @param custType {@code P} for persons, {@code B} for companies
     * @param register true to register, false to release
     * @param key the registration
     */
    public static String print(String approvalKey, String custType, boolean register, RealtimeKey key) {
        return "{\"header\":{\"approval_key\":" + JsonText.quoted(approvalKey)
                + ",\"custtype\":" + JsonText.quoted(custType)
                + ",\"tr_type\":\"" + (register ? REGISTER : RELEASE)
                + "\",\"content-type\":\"utf-8\"},\"body\":{\"input\":{\"tr_id\":" + JsonText.quoted(key.trId())
                + ",\"tr_key\":" + JsonText.quoted(key.trKey()) + "}}}";
    }
}
