/** Answers under the AEGIS-compatible names, {@code /api/v3.0} and {@code /api/v3.1}: {@code {rsp_cd, rsp_msg, data}}. */
@NullMarked
package kr.kisgateway.api.aegis;

import org.jspecify.annotations.NullMarked;
