package kr.kisgateway.client.rest;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.wire.RestCall;

/**
 * A query in KIS's form, in one environment.
 *
 * @param path without host
 * @param trId its TR id; empty for the calls without one
 * @param ledger whether it reaches the account ledger
 * @param expected the blocks that a valid answer has
 * @param list the block whose rows fill the pages; empty when there is none
 * @param paging how its pages follow each other; empty when the answer is one page
 */
public record Query(
        String path,
        Optional<String> trId,
        boolean ledger,
        List<String> expected,
        Optional<String> list,
        Optional<RestCall.Paging> paging) {}
