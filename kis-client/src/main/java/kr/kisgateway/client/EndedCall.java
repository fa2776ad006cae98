package kr.kisgateway.client;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A REST call that has ended; each retry is a call. Has neither secrets nor texts of KIS.
 *
 * @param trId the TR id, or the path where KIS has none: tokens and approval keys
 * @param method GET or POST
 * @param path without host and query
 * @param account whose orders or balances it is about; empty for prices and tokens
 * @param result what became of it
 * @param status HTTP status; empty without an answer
 * @param rtCd KIS's {@code rt_cd}; empty without an answer in KIS's form
 * @param msgCd KIS's {@code msg_cd}; empty without an answer in KIS's form
 * @param error why it is not {@link CallListener.Result#OK}: KIS's code, or the name of a {@link KisFailure.Kind} where it gave none; empty
 *     for OK
 * @param traceId value of its header {@code X-Trace-Id}; empty when it had none
 * @param nanos from the connection's request until the whole answer, without the wait for the call budget
 */
public record EndedCall(
        String trId,
        String method,
        String path,
        Optional<AccountNumber> account,
        CallListener.Result result,
        OptionalInt status,
        String rtCd,
        String msgCd,
        String error,
        Optional<String> traceId,
        long nanos) {}
