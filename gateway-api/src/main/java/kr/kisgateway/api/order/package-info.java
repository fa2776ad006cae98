/** Orders: requests, answers, entries of the journal, figures. */
@NullMarked
package kr.kisgateway.api.order;

import org.jspecify.annotations.NullMarked;
