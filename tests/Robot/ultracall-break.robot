*** Settings ***
Documentation     uv BreakOnUltracall: the machine stands still before a call is served, and goes on.
Resource          renode-uvmem.resource

*** Test Cases ***
Emulation Pauses Before The Call
    Boot Hypervisor    secure
    ${line}=    Wait For Ultracall    UV_ESM
    Should Match Regexp    ${line}    cpu0 break: guest 1 at .*: UV_ESM\\(kbase=0x[0-9a-f]+, fdt=0x[0-9a-f]+\\)
    # arch/powerpc/kernel/prom_init.c, enter_secure_mode(): the call's number stands in r3 (asm/ultravisor-api.h: UV_ESM).
    Register Should Be Equal    3    0xF110
    ${code}=    Execute Command    cpu0 DisassembleBlock
    Should Match Regexp    ${code}    ^\\s*0x[0-9a-f]+: 44000042\\s+sc 2
    Ultracall Count Should Be    UV_ESM    0
    Wait For Line On Uart    ${GUEST IS SECURE}
    Ultracall Count Should Be    UV_ESM    1
    Provides    secure

Break Takes The Nth Call And A Frame
    Requires    secure
    Create Log Tester    ${TIMEOUT}
    # The demonstration shares one page, then 16 in one call (firmware/guest/svmdemo/tasks.c).
    ${line}=    Wait For Ultracall    UV_SHARE_PAGE nth=2
    ${match}    ${gfn}=    Should Match Regexp    ${line}    gfn=(0x[0-9a-f]+), count=16
    # Its page-in, one of 16 of the same call.
    ${line}=    Wait For Ultracall    UV_PAGE_IN gfn=${gfn}
    Should Contain    ${line}    gpa=${gfn}0000
    Page State Should Be    1    ${gfn}0000    HV_SHARING
    ${line}=    Wait For Ultracall    UV_UNSHARE_PAGE gfn=${gfn}
    Should Contain    ${line}    count=16
    Page State Should Be    1    ${gfn}0000    SHARED

Break Takes Steps Of A Guest's Life
    Requires    secure
    Create Log Tester    ${TIMEOUT}
    Wait For Ultracall    UV_SVM_TERMINATE
    There Should Be One Secure Guest
    Wait For Ultracall    svm-terminate
    There Should Be No Secure Guest
    Story Should End Well

Break That Is None Is Refused
    Create Hypervisor
    Run Keyword And Expect Error    *"UV_NONSENSE" is no ultracall or hypercall*    Execute Command    uv BreakOnUltracall "UV_NONSENSE"
    ${breaks}=    Execute Command    uv Breaks
    Should Contain    ${breaks}    no breaks
