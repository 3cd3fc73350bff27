/* Loads a case's registers, runs its block, stores the registers. Addresses and offsets: layout.h, CaseLayout.cs. */
#include "layout.h"

        .text
        .globl  _start
_start:
        lis     2, .TOC.@ha
        addi    2, 2, .TOC.@l
        li      0, 0
        stdu    0, -64(1)
        bl      run_cases
        nop
        li      0, 234                  /* exit_group */
        sc

        /* long system_call(number, a, b, c, d, e, f) */
        .globl  system_call
        .type   system_call, @function
system_call:
        mr      0, 3
        mr      3, 4
        mr      4, 5
        mr      5, 6
        mr      6, 7
        mr      7, 8
        mr      8, 9
        sc
        bnslr
        neg     3, 3
        blr

        /* void enter_block(void): the case lies at CASE */
        .globl  enter_block
        .type   enter_block, @function
enter_block:
        mflr    0
        std     0, 16(1)
        stdu    1, -256(1)
        mfcr    0
        std     0, 32(1)
        .irp    r, 14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        std     \r, (48+8*(\r-13))(1)
        .endr
        std     2, 40(1)
        lis     31, CASE@h
        std     1, SAVED_R1(31)
        lfd     0, FPSCR(31)
        mtfsf   0xFF, 0, 1, 0
        lxv     32, VSCR(31)
        mtvscr  0
        .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        lxv     \r, (VSR+16*\r)(31)
        .endr
        .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        lxv     \r+32, (VSR+512+16*\r)(31)
        .endr
        ld      0, CR(31)
        mtcr    0
        ld      0, XER(31)
        mtxer   0
        ld      0, LR(31)
        mtlr    0
        ld      0, CTR(31)
        mtctr   0
        ld      0, VRSAVE(31)
        mtvrsave 0
        .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        ld      \r, (GPR+8*\r)(31)
        .endr
        b       .+(CODE-TEXT)-(. - _start)

        /* The block's last instruction branches here. TAR is the one register that no block uses. */
        .globl  leave_block
leave_block:
        mtspr   815, 1
        lis     1, CASE@h
        .irp    r, 0,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        std     \r, (GPR+8*\r)(1)
        .endr
        mfspr   0, 815
        std     0, (GPR+8)(1)
        mfcr    0
        std     0, CR(1)
        mfxer   0
        std     0, XER(1)
        mflr    0
        std     0, LR(1)
        mfctr   0
        std     0, CTR(1)
        mfvrsave 0
        std     0, VRSAVE(1)
        .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        stxv    \r, (VSR+16*\r)(1)
        .endr
        .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        stxv    \r+32, (VSR+512+16*\r)(1)
        .endr
        mffs    0
        stfd    0, FPSCR(1)
        mfvscr  0
        stxv    32, VSCR(1)
        ld      1, SAVED_R1(1)
        ld      2, 40(1)
        .irp    r, 14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        ld      \r, (48+8*(\r-13))(1)
        .endr
        ld      2, 40(1)
        ld      0, 32(1)
        mtcr    0
        addi    1, 1, 256
        ld      0, 16(1)
        mtlr    0
        blr
