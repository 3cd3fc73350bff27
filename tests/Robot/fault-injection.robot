*** Settings ***
Documentation     uv FailUltracall: what an unpatched kernel does when the ultravisor refuses.
Resource          renode-uvmem.resource

*** Test Cases ***
Refused Page-In Keeps A Guest From Going Secure
    [Documentation]    arch/powerpc/kvm/book3s_hv_uvmem.c: H_SVM_PAGE_IN fails, the transition is aborted.
    ...    arch/powerpc/kernel/prom_init.c: the guest's kernel says so and ends.
    Boot Hypervisor    case:P13
    Fail Ultracall    UV_PAGE_IN    U_P3    0
    Wait For Line On Uart    Switch to secure mode failed.
    There Should Be No Secure Guest
    Wait For Line On Uart    CASE P13 END ok
    Wait For Line On Uart    ${STORY IS TOLD}

Refused Page-In Of A Running Guest Is Tried Again
    [Documentation]    arch/powerpc/kvm/book3s_hv_uvmem.c, kvmppc_h_svm_page_in(): whatever the ultravisor's code, the answer is H_PARAMETER.
    # A second of silence counts as a hang of the guest.
    Boot Hypervisor    secure uvmem.timeout=1
    Wait For Line On Uart    ${GUEST IS SECURE}
    Provides    secure
    ${call}=    Wait For Ultracall    UV_PAGE_OUT
    ${match}    ${gpa}=    Should Match Regexp    ${call}    gpa=(0x[0-9a-f]+)
    Wait For Checkpoint    paged-out
    Fail Ultracall    UV_PAGE_IN    U_P3
    Execute Command    uv UcallLog true
    Wait For Log Entry    uv calls H_SVM_PAGE_IN(gpa=${gpa}, flags=0, order=16)
    Wait For Log Entry    , gpa=${gpa}, flags=0, order=16) -> -56 (U_P3)
    Wait For Log Entry    H_SVM_PAGE_IN = -4 (U_PARAMETER)
    Wait For Log Entry    page ${gpa} PAGEDOUT -> SECURE
    Execute Command    uv UcallLog false
    Wait For Checkpoint    paged-in
    Page State Should Be    1    ${gpa}    SECURE
    Story Should End Well

Refused Share Leaves The Page Secure
    Requires    secure
    Create Log Tester    ${TIMEOUT}
    Fail Ultracall    UV_SHARE_PAGE    U_P2
    ${call}=    Wait For Ultracall    UV_SHARE_PAGE
    ${match}    ${gfn}=    Should Match Regexp    ${call}    gfn=(0x[0-9a-f]+)
    Wait For Ultracall    UV_SVM_TERMINATE
    Page State Should Be    1    ${gfn}0000    SECURE
    # The demonstration is told, and ends; the hypervisor's kernel has nothing to complain of (status 3 would say so).
    Wait For Line On Uart    DEMO FAIL
    Wait For Line On Uart    RUN FAIL: status 1

Page That Can't Come Back Hangs Its Guest Alone
    [Documentation]    The guest's instruction is tried again for ever; the host's program ends it, and the hypervisor takes no harm.
    Requires    secure
    Wait For Checkpoint    paged-out
    Fail Ultracall    UV_PAGE_IN    U_P3    0
    Wait For Line On Uart    CASE demo END FAIL the guest is silent for too long
    There Should Be No Secure Guest
    Wait For Line On Uart    RUN FAIL: status 1
