*** Settings ***
Documentation     The main job: a guest goes secure, then shows what the hypervisor sees of a page in each of its states.
Resource          renode-uvmem.resource

*** Test Cases ***
Guest Goes Secure
    Boot Hypervisor    secure
    ${call}=    Wait For Ultracall    UV_ESM
    Should Contain    ${call}    UV_ESM(
    There Should Be No Secure Guest
    Wait For Line On Uart    ${GUEST IS SECURE}
    There Should Be One Secure Guest
    Ultracall Count Should Be    UV_ESM    1
    # One memory slot, as QEMU makes for 256 MiB of RAM.
    Ultracall Count Should Be    UV_REGISTER_MEM_SLOT    1
    Provides    secure

Host That Looks Sees Ciphertext
    Requires    secure
    Create Log Tester    ${TIMEOUT}
    Wait For Checkpoint    secret-written
    ${call}=    Wait For Ultracall    UV_PAGE_OUT
    ${match}    ${gpa}=    Should Match Regexp    ${call}    gpa=(0x[0-9a-f]+)
    Page State Should Be    1    ${gpa}    SECURE
    Wait For Checkpoint    paged-out
    Page State Should Be    1    ${gpa}    PAGEDOUT
    Wait For Checkpoint    paged-in
    Page State Should Be    1    ${gpa}    SECURE

Shared Page Is Swapped And Unshared
    Requires    secure
    Create Log Tester    ${TIMEOUT}
    ${call}=    Wait For Ultracall    UV_SHARE_PAGE
    ${match}    ${gfn}=    Should Match Regexp    ${call}    gfn=(0x[0-9a-f]+)
    ${gpa}=    Set Variable    ${gfn}0000
    Page State Should Be    1    ${gpa}    SECURE
    Wait For Checkpoint    shared
    Page State Should Be    1    ${gpa}    SHARED
    # The host takes its page away and swaps it out; the guest's touch brings it back.
    Wait For Ultracall    UV_PAGE_INVAL gfn=${gfn}
    Page State Should Be    1    ${gpa}    SHARED
    Wait For Ultracall    UV_PAGE_IN gfn=${gfn}
    Page State Should Be    1    ${gpa}    SHARED_INV
    Wait For Checkpoint    swapped
    Page State Should Be    1    ${gpa}    SHARED
    Wait For Checkpoint    unshared
    Page State Should Be    1    ${gpa}    SECURE
    Story Should End Well
    There Should Be No Secure Guest
    Ultracall Count Should Be    UV_SVM_TERMINATE    1
    Refused Accesses Should Be    cpus=0    walks=0    devices=0
