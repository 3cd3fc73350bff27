*** Settings ***
Documentation     uv Gate and uv Override: act at places in the hypervisor's kernel.
Resource          renode-uvmem.resource

*** Test Cases ***
Gate Holds A CPU For A Time
    [Documentation]    arch/powerpc/kvm/book3s_hv_uvmem.c: kvmppc_h_svm_page_in(kvm, gpa, flags, page_shift), flag 1 is H_PAGE_IN_SHARED.
    Start Secure Guest
    Provides    secure
    ${call}=    Wait For Ultracall    UV_SHARE_PAGE
    ${match}    ${gfn}=    Should Match Regexp    ${call}    gfn=(0x[0-9a-f]+)
    Clear Log Tester History
    # 512 million ticks a second.
    Execute Command    uv Gate "kvmppc_h_svm_page_in r4=${gfn}0000 r5=1 until ticks=51200000"
    Wait For Log Entry    cpu0 held at kvmppc_h_svm_page_in until ticks=51200000    pauseEmulation=true
    Page State Should Be    1    ${gfn}0000    HV_SHARING
    Execute Command    emulation RunFor "0.098"
    Page State Should Be    1    ${gfn}0000    HV_SHARING
    Should Not Be In Log    released at    timeout=0
    Execute Command    emulation RunFor "0.004"
    Wait For Log Entry    cpu0 released at kvmppc_h_svm_page_in after ticks=51200000
    ${probes}=    Execute Command    uv Probes
    Should Match Regexp    ${probes}    kvmppc_h_svm_page_in .* 1 +1
    Execute Command    uv ClearProbes
    Story Should End Well

Override Makes A Function Fail
    [Documentation]    The same function's row S6 in short: what it answers is H_PARAMETER, without an ultracall in between; the page stays secure.
    Requires    secure
    Create Log Tester    ${TIMEOUT}
    Execute Command    uv Override "kvmppc_h_svm_page_in r5=1 return=U_PARAMETER"
    Execute Command    uv UcallLog true
    ${call}=    Wait For Log Entry    uv calls H_SVM_PAGE_IN\\(gpa=0x[0-9a-f]+, flags=1    treatAsRegex=true
    ${match}    ${gpa}=    Should Match Regexp    ${call}    gpa=(0x[0-9a-f]+), flags=1
    Wait For Log Entry    kvmppc_h_svm_page_in, called from kvmppc_pseries_do_hcall
    Wait For Log Entry    H_SVM_PAGE_IN = -4 (U_PARAMETER)
    Execute Command    uv UcallLog false
    Wait For Ultracall    UV_SVM_TERMINATE
    Page State Should Be    1    ${gpa}    SECURE
    Wait For Line On Uart    DEMO FAIL

What Names Nothing Is Refused
    Create Hypervisor
    Run Keyword And Expect Error    *nothing would release it*    Execute Command    uv Gate "kvmppc_h_svm_page_in"
    Run Keyword And Expect Error    *expected return=VALUE*    Execute Command    uv Override "kvmppc_h_svm_page_in"
    ${probes}=    Execute Command    uv Probes
    Should Contain    ${probes}    no gates or overrides
    Wait For Line On Uart    Linux version 6.1
    Run Keyword And Expect Error    *has no function no_such_function*    Execute Command    uv Gate "no_such_function until ticks=1"
