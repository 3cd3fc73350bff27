/* Where things are in the runner's process and in a case. CaseLayout.cs has the same numbers. */
#define TEXT     0x10000000
#define CODE     0x11000000
#define CASE     0x11010000
#define WINDOW   0x11020000

#define GPR      0
#define CR       256
#define XER      264
#define LR       272
#define CTR      280
#define FPSCR    288
#define VRSAVE   296
#define SIGNAL   304
#define NIP      312
#define VSCR     320
#define WORDS    336
#define VSR      384
#define BLOCK    1408
#define MEMORY   1536
#define CASE_SIZE   2560
#define WINDOW_SIZE 1024
#define BLOCK_WORDS 32

/* Not part of the case: behind it. */
#define SAVED_R1 4096
