/**
 * The AEGIS-compatible names {@code /api/v3.0} and {@code /api/v3.1}, beside {@code /v1}: four TRs, orders and a stream, answered from
 * the same capabilities in the form {@code {rsp_cd, rsp_msg, data}} (docs/AEGIS.md). A class per TR makes the answer; {@link
 * kr.kisgateway.gateway.aegis.AegisVersion} has what distinguishes the versions, {@link kr.kisgateway.gateway.aegis.AegisCode} which
 * code a refusal has. A further TR is one more class and its line in {@link kr.kisgateway.gateway.aegis.AegisRoutes}.
 */
@NullMarked
package kr.kisgateway.gateway.aegis;

import org.jspecify.annotations.NullMarked;
