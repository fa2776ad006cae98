/** The daily checklist of operations. */
@NullMarked
package kr.kisgateway.api.operations;

import org.jspecify.annotations.NullMarked;
