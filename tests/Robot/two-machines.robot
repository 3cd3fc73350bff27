*** Settings ***
Documentation     Two machines in one Renode: one with a secure guest, one with a normal guest. Neither knows of the other.
Resource          renode-uvmem.resource

*** Keywords ***
Look At
    [Arguments]    ${machine}
    Execute Command    mach set "${machine}"

*** Test Cases ***
Machines Run Side By Side
    ${alpha}=    Create Hypervisor    secure    name=alpha
    ${beta}=    Create Hypervisor    normal    name=beta
    Wait For Line On Uart    ${GUEST IS SECURE}    testerId=${alpha}
    Look At    alpha
    There Should Be One Secure Guest
    Ultracall Count Should Be    UV_ESM    1
    Look At    beta
    There Should Be No Secure Guest
    Ultracall Count Should Be    UV_ESM    0
    Wait For Line On Uart    DEMO PASS    testerId=${alpha}
    Wait For Line On Uart    DEMO PASS    testerId=${beta}
    Wait For Line On Uart    ${STORY IS TOLD}    testerId=${alpha}
    Wait For Line On Uart    ${STORY IS TOLD}    testerId=${beta}
    Look At    alpha
    Ultracall Count Should Be    UV_SVM_TERMINATE    1
    Look At    beta
    Ultracall Count Should Be    UV_PAGE_IN    0
