/**
 * The library runs reads on threads of its own (Tokio), as many as the machine has cores. A long read holds its thread to the end, so
 * on two cores two of them would make every other read wait. Set before the library starts its threads, and only where nobody has.
 */
process.env['TOKIO_WORKER_THREADS'] ??= '12';
